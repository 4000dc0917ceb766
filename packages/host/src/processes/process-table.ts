import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** One process as the system shows it at one moment. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not tell. */
  readonly session: number;
  /** `ended`: a zombie, which does nothing any more. `stopped`: by SIGSTOP, a terminal or a tracer. */
  readonly state: "running" | "stopped" | "ended";
  /** Linux: clock ticks since boot. macOS: `ps -o lstart=`. Only ever compared for equality. */
  readonly startTime: string;
  /** Processor time of it and of its children that it has reaped, in ms. */
  readonly cpuMs: number;
}

/** Every process that this user may see. Processes that end while it reads are left out. */
export function readProcessTable(): readonly ProcessRow[] {
  if (process.platform !== "linux") return rowsOfPs(["-ax"]);
  return numbersIn("/proc").flatMap((pid) => readProcessRow(pid) ?? []);
}

/** The process with that number, or `undefined` when there is none or nothing can be read about it. */
export function readProcessRow(pid: number): ProcessRow | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform !== "linux") return rowsOfPs(["-p", String(pid)])[0];
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/** Reads one line of `/proc/<pid>/stat`. The name in parentheses may hold anything, `)` and newlines included. */
export function parseStat(text: string): ProcessRow | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTime = fields[19];
  if (startTime === undefined) return undefined;
  const number = (index: number): number => Number(fields[index]);
  return {
    pid: Number.parseInt(text, 10),
    parent: number(1),
    group: number(2),
    session: number(3),
    state: stateOf(fields[0] ?? "", number(17)),
    startTime,
    cpuMs: (number(11) + number(12) + number(13) + number(14)) * MS_PER_TICK,
  };
}

/** Reads the output of `ps -o pid=,ppid=,pgid=,stat=,time=,lstart=`. */
export function parsePs(text: string): readonly ProcessRow[] {
  return text.split("\n").flatMap((line) => {
    const [pid, parent, group, state = "", time = "", ...started] = line.trim().split(/\s+/);
    if (started.length === 0) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: 0,
        state: stateOf(state[0] ?? "", 1),
        startTime: started.join(" "),
        cpuMs: milliseconds(time),
      },
    ];
  });
}

/** USER_HZ, which Linux promises to programs as 100 whatever the kernel runs at. */
const MS_PER_TICK = 10;

/** A leader that ended while other threads of it go on shows as `Z` and is alive. */
function stateOf(letter: string, threads: number): ProcessRow["state"] {
  if ((letter === "Z" && threads <= 1) || letter === "X" || letter === "x") return "ended";
  return letter === "T" || letter === "t" ? "stopped" : "running";
}

function numbersIn(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
}

function rowsOfPs(which: readonly string[]): readonly ProcessRow[] {
  try {
    const columns = "pid=,ppid=,pgid=,stat=,time=,lstart=";
    return parsePs(
      execFileSync("ps", [...which, "-o", columns], { encoding: "utf8", env: { LC_ALL: "C", PATH: PS_PATH } }),
    );
  } catch {
    return [];
  }
}

const PS_PATH = "/bin:/usr/bin";

/** `[[days-]hours:]minutes:seconds[.hundredths]` */
function milliseconds(time: string): number {
  const [days, clock] = time.includes("-") ? (time.split("-") as [string, string]) : ["0", time];
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}
