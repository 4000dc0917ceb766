import type { Places } from "./places.ts";
import type { World } from "./world.ts";

/**
 * Whose turn it is to append: a file that a writer makes after it lost some races, so that the others let it go first. It
 * guards nothing, so it is neither synced nor ever waited for longer than a moment; one whose maker died is removed by
 * the first that has waited for it in vain.
 */
export class Turn {
  readonly #world: World;
  readonly #path: string;
  #own: number | undefined;

  constructor(world: World, places: Places) {
    this.#world = world;
    this.#path = places.turn;
  }

  /** Waits, at most `turnMs`, while it is another's turn. */
  async giveWay(): Promise<void> {
    if (this.#own !== undefined) return;
    const { files, limits, wait } = this.#world;
    const first = await files.stat(this.#path);
    if (first === undefined) return;
    // Pauses grow: many that wait must not keep the one that they wait for from running.
    for (let waited = 0, pause = PAUSE_MS; waited < limits.turnMs; waited += pause, pause = Math.min(pause * 2, 32)) {
      await wait(pause);
      if ((await files.stat(this.#path))?.ino !== first.ino) return;
    }
    await this.#remove(first.ino);
  }

  /** Takes the turn unless it is another's. */
  async take(): Promise<void> {
    if (this.#own !== undefined) return;
    try {
      const file = await this.#world.files.open(this.#path, "create");
      this.#own = (await file.stat()).ino;
      await file.close();
    } catch {
      // It is another's turn, or the disk is full: we go on without.
    }
  }

  async release(): Promise<void> {
    const own = this.#own;
    this.#own = undefined;
    if (own !== undefined) await this.#remove(own);
  }

  async #remove(ino: number): Promise<void> {
    const { files } = this.#world;
    try {
      if ((await files.stat(this.#path))?.ino === ino) await files.unlink(this.#path);
    } catch {
      // Another removed it, or nobody can: then it is waited for, a moment each time.
    }
  }
}

const PAUSE_MS = 4;
