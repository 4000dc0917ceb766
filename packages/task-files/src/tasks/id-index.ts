import { looseKey, partsOf } from "./task-id.ts";

/** Finds tasks by id, also by one that is written a little differently. */
export class IdIndex {
  readonly #ids: readonly string[];
  readonly #exact: ReadonlyMap<string, number>;
  /** -1 where two tasks share the key. Made when first asked for, as the families are. */
  #loose: ReadonlyMap<string, number> | undefined;
  #families: ReadonlyMap<string, readonly Member[]> | undefined;

  /** `exact` says where in `ids` each is. */
  constructor(ids: readonly string[], exact: ReadonlyMap<string, number>) {
    this.#ids = ids;
    this.#exact = exact;
  }

  find(id: string): number | undefined {
    return this.#exact.get(id);
  }

  /** The one task whose id differs in case, leading zeros or a dash only. */
  guess(id: string): number | undefined {
    this.#loose ??= looseKeys(this.#ids);
    const index = this.#loose.get(looseKey(id));
    return index === -1 ? undefined : index;
  }

  /** The tasks of a range, both ends included; without an end all from its first on. In order of their numbers. */
  between(first: string, last: string | undefined): readonly number[] {
    this.#families ??= families(this.#ids);
    const [from, to] = [partsOf(first), last === undefined ? undefined : partsOf(last)];
    const family = from === undefined ? undefined : this.#families.get(from.family);
    if (from === undefined || family === undefined) return [];
    const low = to === undefined ? from.number : Math.min(from.number, to.number);
    const high = to === undefined ? Number.POSITIVE_INFINITY : Math.max(from.number, to.number);
    const found: number[] = [];
    for (let i = firstAtLeast(family, low); i < family.length && family[i]!.number <= high; i++)
      found.push(family[i]!.index);
    return found;
  }
}

interface Member {
  readonly number: number;
  readonly index: number;
}

function looseKeys(ids: readonly string[]): ReadonlyMap<string, number> {
  const keys = new Map<string, number>();
  ids.forEach((id, index) => {
    const key = looseKey(id);
    keys.set(key, keys.has(key) ? -1 : index);
  });
  return keys;
}

function families(ids: readonly string[]): ReadonlyMap<string, readonly Member[]> {
  const found = new Map<string, Member[]>();
  ids.forEach((id, index) => {
    const parts = partsOf(id);
    if (parts === undefined) return;
    const family = found.get(parts.family);
    if (family === undefined) found.set(parts.family, [{ number: parts.number, index }]);
    else family.push({ number: parts.number, index });
  });
  for (const family of found.values()) family.sort((a, b) => a.number - b.number || a.index - b.index);
  return found;
}

function firstAtLeast(members: readonly Member[], number: number): number {
  let low = 0;
  let high = members.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (members[middle]!.number < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
