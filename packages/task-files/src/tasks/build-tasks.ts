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
  /** The tasks of each line, by index in `tasks`. */
  readonly ofCandidate: ReadonlyMap<Candidate, readonly number[]>;
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
  readonly #ofCandidate = new Map<Candidate, readonly number[]>();
  readonly #findings: Finding[] = [];
  readonly #lineOf = new Map<string, number>();
  readonly #folded = new Map<string, string>();
  readonly #expansion = new IdExpansion();
  readonly #guesses = new IdGuesses();
  readonly #layers: NumberedLayers;
  readonly #agents: ReadonlySet<string>;

  constructor(layers: NumberedLayers, agents: ReadonlySet<string>) {
    this.#layers = layers;
    this.#agents = agents;
  }

  add(candidate: Candidate): void {
    const { line, prefix, idAt } = candidate;
    const text = this.#textOf(candidate);
    const position = { line: line.number, column: idAt + 1 };
    const ids = prefix.runs.length > 0 ? this.#expansion.idsOf(candidate) : [this.#guess(candidate, text, position)];
    const fresh = ids.filter((id) => this.#isNew(id, position));
    const start = this.#tasks.length;
    for (const id of fresh) {
      const others = ids.filter((other) => other !== id);
      this.#tasks.push(this.#entry({ candidate, text, id, others, position }));
    }
    this.#ofCandidate.set(
      candidate,
      fresh.map((_, i) => start + i),
    );
    if (fresh.length > 0 && candidate.box?.mark === "") this.#notTickable(fresh[0]!, position);
  }

  built(): BuiltTasks {
    const findings = [...this.#findings, ...this.#expansion.findings];
    return { tasks: this.#tasks, ofCandidate: this.#ofCandidate, findings };
  }

  #textOf({ line, prefix, shape }: Candidate): TaskText {
    const text = line.text.slice(prefix.textAt, prefix.textAt + LONGEST_TEXT);
    const command = shape === "bullet" && prefix.runs.length === 0 ? parseCommandText(text) : undefined;
    return command ?? parseTaskText(text, (name) => this.#agents.has(name.toLowerCase()));
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
    const before = this.#lineOf.get(id);
    if (before !== undefined) {
      const message = `${quoted(id)} is on line ${before} already; this one is not read.`;
      this.#findings.push(warning("DUPLICATE_TASK", { message, position, task: id }));
      return false;
    }
    this.#lineOf.set(id, position.line);
    const twin = this.#folded.get(id.toLowerCase());
    if (twin === undefined) this.#folded.set(id.toLowerCase(), id);
    else {
      const message = `${quoted(id)} and ${quoted(twin)} (line ${this.#lineOf.get(twin)}) differ by case only.`;
      this.#findings.push(warning("CASE_CLASH", { message, position, task: id }));
    }
    return true;
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
/** What of a line is looked at for a title. */
const LONGEST_TEXT = 4_000;
