import { createInterface } from "node:readline";
import { answer, type Order } from "./answer.ts";

/** An agent's commands in a process of their own: one from the arguments, or one a line from stdin, side by side. */
if (process.env["ORCHARD_TEST_NAMED"] === "1") process.env["ORBIT_AGENT_PID"] = String(process.pid);
const [given] = process.argv.slice(2);
if (given === undefined) {
  for await (const line of createInterface({ input: process.stdin })) void say(JSON.parse(line));
} else {
  await say(JSON.parse(given));
}

async function say(order: Order & { readonly number?: number }): Promise<void> {
  const told = await answer(order).catch((error: unknown) => ({ order, fault: String(error) }));
  process.stdout.write(`${JSON.stringify({ ...told, number: order.number })}\n`);
}
