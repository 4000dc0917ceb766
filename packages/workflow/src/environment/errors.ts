import { OrchardError } from "@orchard/kernel";
import bytesText from "bytes";

export function includeUnusable(path: string, why: string, cause?: unknown): OrchardError {
  return new OrchardError({
    code: "INCLUDE_UNUSABLE",
    kind: "user",
    message: `${path} cannot be read: ${why}.`,
    hint: "It is a plain text file with patterns as in .gitignore; mend it and run the command again; a lane that failed of it: orch retry <lane>",
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function noRoomForFiles(size: {
  readonly bytes: number;
  readonly free: number;
  readonly floor: number;
}): OrchardError {
  const [bytes, free, floor] = [size.bytes, size.free, size.floor].map((one) => bytesText(one));
  return new OrchardError({
    code: "NO_ROOM_FOR_FILES",
    kind: "state",
    message: `.worktreeinclude names ${bytes} of files, ${free} of disk are free, and ${floor} shall stay free ("freeDisk").`,
    hint: 'Name less in .worktreeinclude and let "setup" make the rest, or free some disk; then run the command again; a lane that failed of it: orch retry <lane>',
    details: size,
  });
}

/** Ports by which the range in the hint is larger than the one that was not enough. */
const MORE = 10_000;

/** `taken`: how many ports of the range (`first` and `last` included) belong to other worktrees. */
export function portsExhausted(request: {
  readonly wanted: number;
  readonly first: number;
  readonly last: number;
  readonly taken: number;
  readonly registry: string;
}): OrchardError {
  const { wanted, first, last, taken, registry } = request;
  const all = last - first + 1;
  const wider = first - MORE < 1024 ? `${first}-${Math.min(last + MORE, 65_535)}` : `${first - MORE}-${last}`;
  return new OrchardError({
    code: "PORTS_EXHAUSTED",
    kind: "state",
    message: `Of the ports from ${first} to ${last} fewer are free than the ${wanted} needed: ${taken} of ${all} belong to other worktrees (${registry}), programs may listen on others.`,
    hint: `Remove worktrees that have landed: orch cleanup. Or give more: ORCH_PORT_RANGE=${wider}`,
    details: request,
  });
}

export function badPortRange(text: string): OrchardError {
  return new OrchardError({
    code: "BAD_PORT_RANGE",
    kind: "user",
    message: `ORCH_PORT_RANGE is ${JSON.stringify(text)}, which is no range of ports.`,
    hint: "Write it as ORCH_PORT_RANGE=21000-30999; ports below 1024 are the system's",
  });
}
