import type { AgentAdapter } from "./agent-adapter.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { command } from "./command.ts";

/** Every agent that we know how to start, by name. */
export const adapters: ReadonlyMap<string, AgentAdapter> = new Map(
  [command, claude, codex].map((adapter) => [adapter.name, adapter]),
);
