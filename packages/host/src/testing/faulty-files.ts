import type { FileSystem } from "../files/file-system.ts";
import { type FileCall, interceptedFiles } from "./intercepted-files.ts";
import { systemError } from "./system-error.ts";

/**
 * - a code (`EIO`, `ENOSPC`, `EACCES`, `EMFILE` …): the call fails before it did anything;
 * - `{ after }`: it fails with that code although it was done;
 * - `{ short }`: a write takes only so many bytes, and says so.
 */
export type Fault = string | { readonly after: string } | { readonly short: number };

/** Files of which chosen calls fail. */
export function faultyFiles(inner: FileSystem, faultOf: (call: FileCall) => Fault | undefined): FileSystem {
  return interceptedFiles(inner, async (call, proceed) => {
    const fault = faultOf(call);
    if (fault === undefined) return proceed();
    if (typeof fault === "string") throw systemError(fault, call.name, call.path);
    if ("short" in fault) return proceed(call.bytes?.subarray(0, fault.short));
    await proceed();
    throw systemError(fault.after, call.name, call.path);
  });
}

/** Files whose `k`-th call (from 1) fails, once. `calls()` tells how many there were. */
export function filesFailingAt(
  inner: FileSystem,
  k: number,
  fault: Fault,
): { readonly files: FileSystem; calls(): number } {
  let calls = 0;
  const files = faultyFiles(inner, () => {
    calls += 1;
    return calls === k ? fault : undefined;
  });
  return { files, calls: () => calls };
}
