import { createServer } from "node:net";
import { isSystemError } from "@orchard/kernel";

/** Every address that a server of this machine may be reached by; one that listens on any of them has the port. */
const ADDRESSES = ["127.0.0.1", "::1", "0.0.0.0", "::"];

/** Whether nobody listens on that port now. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of ADDRESSES) if (!(await canListen(port, host))) return false;
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    // A machine without that address, without IPv6 say, has nobody who listens on it.
    server.once("error", (error) => resolve(isSystemError(error, "EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL")));
    server.listen({ port, host, exclusive: true, ipv6Only: host === "::" }, () => server.close(() => resolve(true)));
  });
}
