/** Items in groups, each named by its first member: joining goes up (union by smallest, with path halving). */
export class Partition {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** The first member of `item`'s group. */
  of(item: number): number {
    const parent = this.#parent;
    let at = item;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.of(a), this.of(b)];
    this.#parent[Math.max(first, second)] = Math.min(first, second);
  }

  /** The members of every group, both in order. */
  groups(): ReadonlyMap<number, readonly number[]> {
    const groups = new Map<number, number[]>();
    for (let item = 0; item < this.#parent.length; item++) {
      const first = this.of(item);
      const members = groups.get(first);
      if (members === undefined) groups.set(first, [item]);
      else members.push(item);
    }
    return groups;
  }
}
