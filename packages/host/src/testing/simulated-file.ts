import type { Random } from "./random.ts";

/** What a power cut leaves or takes at once: real disks have 512 or 4096; small pages meet more of what can happen. */
export const PAGE = 64;

/** The content of one file, as the page cache shows it and as the disk holds it. */
export class SimulatedFile {
  readonly ino: number;
  changedAt: number;
  size = 0;
  #bytes = Buffer.alloc(256);
  #onDisk = Buffer.alloc(0);
  #sizeOnDisk = 0;
  /** Pages that the next sync writes. */
  readonly #dirty = new Set<number>();
  /** How many syncs failed; each open descriptor is told of those since it was opened, once. */
  failures = 0;

  constructor(ino: number, now: number) {
    this.ino = ino;
    this.changedAt = now;
  }

  append(bytes: Uint8Array): void {
    const end = this.size + bytes.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(end * 2);
      this.#bytes.copy(larger, 0, 0, this.size);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.size);
    for (let page = Math.floor(this.size / PAGE); page * PAGE < end; page += 1) this.#dirty.add(page);
    this.size = end;
  }

  read(into: Uint8Array, position: number): number {
    const end = Math.min(this.size, position + into.length);
    if (position >= end) return 0;
    into.set(this.#bytes.subarray(position, end));
    return end - position;
  }

  content(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.size));
  }

  sync(): void {
    this.#write([...this.#dirty], this.size);
    this.#dirty.clear();
  }

  /** A failed sync: some dirty pages are written, and all are clean from now on, as the kernel has it. */
  failSync(random: Random): void {
    this.#write(
      [...this.#dirty].filter(() => random.chance(0.3)),
      this.#sizeOnDisk,
    );
    this.#dirty.clear();
    this.failures += 1;
  }

  /** Flips one byte, in the cache and on the disk. */
  corrupt(position: number): void {
    this.#bytes[position] = (this.#bytes[position] ?? 0) ^ 0x01;
    if (position < this.#onDisk.length) this.#onDisk[position] = this.#bytes[position] ?? 0;
  }

  /** What no program of ours does; for those that must be caught. */
  truncate(size: number): void {
    this.size = Math.min(this.size, size);
    this.#sizeOnDisk = Math.min(this.#sizeOnDisk, size);
  }

  /** The power goes: of the dirty pages any may have reached the disk, the size may be anything up to the present one. */
  cutPower(random: Random): void {
    const dirty = [...this.#dirty];
    const reached = random.pick(["none", "all", "some", "all but one"] as const);
    const missing = dirty.length > 0 && reached === "all but one" ? random.pick(dirty) : undefined;
    const pages =
      reached === "none" ? [] : dirty.filter((page) => page !== missing && (reached !== "some" || random.chance(0.5)));
    const grown = reached === "none" ? 0 : reached === "some" ? this.#sizeAfter(random, pages) : this.size;
    this.#write(pages, Math.max(this.#sizeOnDisk, grown));
    this.#dirty.clear();
    this.size = this.#sizeOnDisk;
    this.#bytes = Buffer.alloc(Math.max(256, this.size * 2));
    this.#onDisk.copy(this.#bytes, 0, 0, this.size);
  }

  #sizeAfter(random: Random, pages: readonly number[]): number {
    const last = Math.max(0, ...pages.map((page) => Math.min(this.size, (page + 1) * PAGE)));
    return random.chance(0.5) ? last : last + random.below(this.size - last + 1);
  }

  #write(pages: readonly number[], size: number): void {
    if (size > this.#onDisk.length) {
      const larger = Buffer.alloc(size * 2);
      this.#onDisk.copy(larger, 0, 0, this.#sizeOnDisk);
      this.#onDisk = larger;
    }
    // What lies between the old and the new end and was not written reads as zeroes.
    if (size > this.#sizeOnDisk) this.#onDisk.fill(0, this.#sizeOnDisk, size);
    this.#sizeOnDisk = Math.max(size, this.#sizeOnDisk);
    for (const page of pages) {
      const end = Math.min((page + 1) * PAGE, this.#sizeOnDisk, this.size);
      if (end > page * PAGE) this.#bytes.copy(this.#onDisk, page * PAGE, page * PAGE, end);
    }
  }
}
