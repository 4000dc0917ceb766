import { freemem } from "node:os";
import { freeDisk } from "../environment/free-disk.ts";
import type { Driver } from "../orchard/driver.ts";

/** Whether there is disk and memory enough to start one more lane; says so once when there is not. */
export async function requireRoom(driver: Driver): Promise<boolean> {
  const { config } = await driver.orchard.config();
  const disk = await freeDisk(driver.orchard.place.mainRoot);
  const short = [
    ...(disk < config.limits.freeDisk ? ["disk"] : []),
    ...(freemem() < config.limits.freeMemory ? ["memory"] : []),
  ];
  if (short.length === 0) {
    warned.delete(driver);
    return true;
  }
  if (!warned.has(driver)) {
    warned.add(driver);
    const text = `No new lane starts: less free ${short.join(" and ")} than the limit in the configuration.`;
    driver.orchard.ports.report({
      type: "warning",
      text,
      hint: 'Limits: "freeDisk" and "freeMemory" in orch.config.jsonc',
    });
  }
  return false;
}

const warned = new WeakSet<Driver>();
