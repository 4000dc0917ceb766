import type { Random } from "./random.ts";
import type { SimulatedFile } from "./simulated-file.ts";

/** A change of names that is not durable yet. */
interface NameChange {
  /** Each name and what it names afterwards; a rename changes two, in one step. */
  readonly names: readonly (readonly [name: string, file: SimulatedFile | undefined])[];
}

/** The names in one folder, as programs see them and as the disk holds them. */
export class SimulatedFolder {
  readonly ino: number;
  #names = new Map<string, SimulatedFile>();
  readonly #onDisk = new Map<string, SimulatedFile>();
  #changes: NameChange[] = [];

  constructor(ino: number) {
    this.ino = ino;
  }

  find(name: string): SimulatedFile | undefined {
    return this.#names.get(name);
  }

  names(): readonly string[] {
    return [...this.#names.keys()];
  }

  change(...names: NameChange["names"]): void {
    apply(this.#names, names);
    this.#changes.push({ names });
  }

  sync(): void {
    for (const { names } of this.#changes) apply(this.#onDisk, names);
    this.#changes = [];
  }

  /** The power goes: any of the changes may have reached the disk, those of one name in their order. */
  cutPower(random: Random): void {
    const reached = random.pick(["none", "all", "some"] as const);
    const lost = new Set<string>();
    for (const { names } of reached === "none" ? [] : this.#changes) {
      const isStopped = names.some(([name]) => lost.has(name)) || (reached === "some" && random.chance(0.5));
      if (isStopped) for (const [name] of names) lost.add(name);
      else apply(this.#onDisk, names);
    }
    this.#changes = [];
    this.#names = new Map(this.#onDisk);
  }

  files(): readonly SimulatedFile[] {
    return [...new Set([...this.#names.values(), ...this.#onDisk.values()])];
  }
}

function apply(map: Map<string, SimulatedFile>, names: NameChange["names"]): void {
  for (const [name, file] of names) {
    if (file === undefined) map.delete(name);
    else map.set(name, file);
  }
}
