import { livenessOf, ownIdentity, type ProcessIdentity } from "@orchard/host";

/** Something on disk that says what a process is in the middle of. */
export interface Begun {
  readonly token: string;
  readonly owner: ProcessIdentity;
}

/** Whether nobody is at it any more: its process is dead, or is this one and no longer lists it in `underWay`. */
export function isLeftOver({ token, owner }: Begun, underWay: ReadonlySet<string>): boolean {
  if (underWay.has(token)) return false;
  return isOurs(owner) || livenessOf(owner) === "dead";
}

function isOurs(owner: ProcessIdentity): boolean {
  const own = ownIdentity();
  const same: readonly (keyof ProcessIdentity)[] = ["host", "pidNamespace", "pid", "startTime", "bootId"];
  return same.every((key) => owner[key] === own[key]);
}
