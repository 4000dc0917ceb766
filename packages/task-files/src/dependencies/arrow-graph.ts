import type { MaskedLine } from "../source/mask-lines.ts";
import { type Reference, scanTokens } from "./references.ts";
import { parseStatement } from "./relations.ts";
import type { Said } from "./said.ts";

/** Reads a drawing in a code fence: chains on a line (`T001 → T002`), and lines with a `↓` between them. */
export class ArrowGraph {
  readonly #said: Said;
  #above = NONE;
  #arrows = 0;

  constructor(said: Said) {
    this.#said = said;
  }

  take({ text, number }: MaskedLine): void {
    const tokens = scanTokens(text, { numbers: false });
    const references = tokens.flatMap((token) => (token.kind === "reference" ? [token.reference] : []));
    if (references.length === 0) {
      if (text.trim() === "") this.end();
      this.#arrows += (text.match(/[↓▼⬇]/g) ?? []).length;
      return;
    }
    this.#said.statement(parseStatement(tokens), number);
    if (this.#arrows > 0) this.#relate(references, number);
    this.#above = references;
    this.#arrows = 0;
  }

  end(): void {
    this.#above = NONE;
    this.#arrows = 0;
  }

  /** As many arrows as there are on both sides go straight down; otherwise all below wait for all above. */
  #relate(below: readonly Reference[], line: number): void {
    if (this.#above.length === 0) return;
    if (this.#arrows === below.length && below.length === this.#above.length) {
      below.forEach((one, i) => {
        this.#said.relation({ dependents: [one], dependencies: [this.#above[i]!] }, line);
      });
    } else this.#said.relation({ dependents: below, dependencies: this.#above }, line);
  }
}

const NONE: readonly Reference[] = [];
