import { info, quoted, warning } from "../findings.ts";
import type { NumberedLayers } from "../outline/number-layers.ts";
import type { Section } from "../outline/sections.ts";
import type { Finding, TaskEntry } from "../task-document.ts";
import type { Candidate } from "./candidate.ts";
import { IdExpansion } from "./expand-ids.ts";
import { IdGuesses } from "./guess-id.ts";
import { parseCommandText, parseTaskText, type TaskText } from "./task-text.ts";

export interface BuiltTasks {
  readonly tasks: readonly TaskEntry[];
  /** The tasks of each candidate, by index in `tasks`; in the order of the candidates. */
  readonly ofCandidate: readonly (readonly number[])[];
  /** Where in `tasks` an id is. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Tasks with unique ids; of two with the same the first stays. */
export function buildTasks(chosen: readonly Candidate[], layers: NumberedLayers): BuiltTasks {
  const building = new Building(layers, knownAgents(chosen));
  for (const candidate of chosen) building.add(candidate);
  return building.built();
}

class Building {
  readonly #tasks: TaskEntry[] = [];
  readonly #ofCandidate: (readonly number[])[] = [];
  readonly #findings: Finding[] = [];
  readonly #indexOf = new Map<string, number>();
  /** Ids in lower case; made for the first one that is not in upper case. */
  #folded: Map<string, string> | undefined;
  readonly #expansion = new IdExpansion();
  readonly #guesses = new IdGuesses();
  readonly #layers: NumberedLayers;
  readonly #isAgent: (name: string) => boolean;

  constructor(layers: NumberedLayers, agents: ReadonlySet<string>) {
    this.#layers = layers;
    this.#isAgent = (name) => agents.has(name.toLowerCase());
  }

  add(candidate: Candidate): void {
    const { line, prefix, idAt } = candidate;
    const text = this.#textOf(candidate);
    const position = { line: line.number, column: idAt + 1 };
    const ids = prefix.runs.length > 0 ? this.#expansion.idsOf(candidate) : [this.#guess(candidate, text, position)];
    const fresh: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (!this.#isNew(id, position)) continue;
      fresh.push(this.#tasks.length);
      this.#indexOf.set(id, this.#tasks.length);
      const others = ids.length === 1 ? NONE : ids.filter((other) => other !== id);
      this.#tasks.push(this.#entry({ candidate, text, id, others, position }));
    }
    this.#ofCandidate.push(fresh);
    if (fresh.length > 0 && candidate.box?.mark === "") this.#notTickable(this.#tasks[fresh[0]!]!.id, position);
  }

  built(): BuiltTasks {
    const findings = [...this.#findings, ...this.#expansion.findings];
    return { tasks: this.#tasks, ofCandidate: this.#ofCandidate, indexOf: this.#indexOf, findings };
  }

  #textOf({ line, prefix, shape }: Candidate): TaskText {
    const text = line.text.slice(prefix.textAt, prefix.textAt + LONGEST_TEXT);
    const command = shape === "bullet" && prefix.runs.length === 0 ? parseCommandText(text) : undefined;
    return command ?? parseTaskText(text, this.#isAgent);
  }

  #entry(of: Drafted): TaskEntry {
    const { line, box, prefix, section, isTicked } = of.candidate;
    const markAt = box?.markAt;
    return {
      id: of.id,
      title: of.text.title,
      layer: this.#layers.of(section)?.number,
      done: isTicked || of.text.isDone,
      mark: box?.mark ?? "",
      flag: of.text.flag,
      agent: prefix.agent ?? of.text.agent ?? section?.agent,
      parallel: prefix.parallel,
      story: prefix.story ?? section?.story,
      position: of.position,
      checkbox: markAt === undefined ? undefined : line.start + markAt,
      sharesCheckboxWith: of.others,
    };
  }

  #guess(candidate: Candidate, { title }: TaskText, position: TaskEntry["position"]): string {
    const layer = this.#layers.of(candidate.section);
    const id = this.#guesses.guess(title, layer?.kind === "layer" ? layer.label : undefined);
    const message = `This task has no id; by its text it is called ${id}. Give it one before people work on it.`;
    this.#findings.push(info("ID_GUESSED", { message, position, task: id }));
    return id;
  }

  #isNew(id: string, position: TaskEntry["position"]): boolean {
    const before = this.#indexOf.get(id);
    if (before !== undefined) {
      const message = `${quoted(id)} is on line ${this.#lineOf(before)} already; this one is not read.`;
      this.#findings.push(warning("DUPLICATE_TASK", { message, position, task: id }));
      return false;
    }
    const twin = this.#twinOf(id);
    if (twin !== undefined) {
      const line = this.#lineOf(this.#indexOf.get(twin)!);
      const message = `${quoted(id)} and ${quoted(twin)} (line ${line}) differ by case only.`;
      this.#findings.push(warning("CASE_CLASH", { message, position, task: id }));
    }
    return true;
  }

  #lineOf(task: number): number {
    return this.#tasks[task]!.position.line;
  }

  /** The first id that differs from this one by case only; ids that have no small letter never do among themselves. */
  #twinOf(id: string): string | undefined {
    if (this.#folded === undefined) {
      if (IN_UPPER_CASE.test(id)) return undefined;
      this.#folded = new Map([...this.#indexOf.keys()].map((one) => [one.toLowerCase(), one]));
    }
    const folded = id.toLowerCase();
    const twin = this.#folded.get(folded);
    if (twin === undefined) this.#folded.set(folded, id);
    return twin;
  }

  #notTickable(id: string, position: TaskEntry["position"]): void {
    const message = `The box of ${quoted(id)} has no room for a tick: write [ ].`;
    this.#findings.push(warning("NOT_TICKABLE", { message, position, task: id }));
  }
}

interface Drafted {
  readonly candidate: Candidate;
  readonly text: TaskText;
  readonly id: string;
  readonly others: readonly string[];
  readonly position: TaskEntry["position"];
}

/** Who may be meant by an `@name` at the end of a line: well-known agents and those that the file names elsewhere. */
function knownAgents(candidates: readonly Candidate[]): ReadonlySet<string> {
  const names = new Set(WELL_KNOWN);
  const visited = new Set<Section>();
  for (const { prefix, section } of candidates) {
    if (prefix.agent !== undefined) names.add(prefix.agent.toLowerCase());
    if (section === undefined || visited.has(section)) continue;
    visited.add(section);
    if (section.agent !== undefined) names.add(section.agent.toLowerCase());
  }
  return names;
}

const WELL_KNOWN = ["claude", "codex", "gemini", "opencode", "qwen", "copilot", "cursor", "aider", "amp", "human"];
const NONE: readonly string[] = [];
const IN_UPPER_CASE = /^[\x00-\x60\x7b-\x7f]*$/;
/** What of a line is looked at for a title. */
const LONGEST_TEXT = 4_000;
