import type { AgentAdapter } from "./agent-adapter.ts";

/** Any program: the prompt on stdin, in a file and in `ORCH_PROMPT`; its lines are text; its exit code is all it says. */
export const command: AgentAdapter = {
  name: "command",
  can: ["any program: the prompt on stdin, in a file and in ORCH_PROMPT", "its exit code is all it says"],
  commitsItself: true,
  variables: ["ANTHROPIC_", "CLAUDE_", "OPENAI_", "CODEX_", "GEMINI_", "GOOGLE_"],
  command: ({ executable = ["cat"], extraArguments = [] }) => ({
    command: typeof executable === "string" ? executable : [...executable, ...extraArguments],
    stdin: "prompt",
    commitsItself: true,
  }),
  readEvent: (line) => (line.trim() === "" ? [] : [{ type: "text", from: "stdout", text: line }]),
};
