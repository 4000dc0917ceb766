import type { AgentEvent } from "../events/agent-event.ts";

/** A JSON value of unknown shape, looked into without trusting it: a wrong turn gives an empty value, never a fault. */
export class Part {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get(key: string): Part {
    const { value } = this;
    const has = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return new Part(has ? (value as Record<string, unknown>)[key] : undefined);
  }

  get text(): string {
    return typeof this.value === "string" ? this.value : "";
  }

  get number(): number | undefined {
    return typeof this.value === "number" && Number.isFinite(this.value) ? this.value : undefined;
  }

  get list(): readonly Part[] {
    return Array.isArray(this.value) ? this.value.map((one) => new Part(one)) : [];
  }

  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The value in at most `length` characters: text as it is, the rest as JSON. */
  short(length = 400): string {
    const whole = typeof this.value === "string" ? this.value : (JSON.stringify(this.value) ?? "");
    return whole.length > length ? `${whole.slice(0, length - 1)}…` : whole;
  }
}

/** Reads a stream of one JSON object per line; a line that is none is text, an unknown object is `other`. */
export function readJsonLine(
  line: string,
  read: (event: Part) => readonly AgentEvent[] | undefined,
): readonly AgentEvent[] {
  if (line.trim() === "") return [];
  const part = parse(line);
  if (part === undefined) return [{ type: "text", from: "stdout", text: line }];
  return read(part) ?? [{ type: "other", name: part.get("type").short(80), detail: part.short(1000) }];
}

function parse(line: string): Part | undefined {
  if (!line.trimStart().startsWith("{")) return undefined;
  try {
    return new Part(JSON.parse(line));
  } catch {
    return undefined;
  }
}
