import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { commandPage } from "../cli/command-page.ts";
import { namedCommands } from "../cli/named-commands.ts";
import { referencePages } from "../cli/reference-pages.ts";

const root = join(import.meta.dirname, "../..");
const pages = [...(await referencePages())];

test.each(pages)("%s says what the commands themselves say", (path, text) => {
  const committed = readFileSync(join(root, path), "utf8");
  expect(committed, "mend it with: node --conditions=@orchard/source scripts/cli-reference.ts").toBe(text);
});

test.each(pages)("%s: every command has a sentence, an example and --json", (_, text) => {
  const sections = text.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(10);
  for (const section of sections) {
    const name = section.split("\n")[0];
    expect(section, name).toMatch(/Example:\n {2}\S/);
    if (!/^Commands:$/m.test(section)) expect(section, name).toContain("--json");
  }
});

test("commands inside a command have their own heading, hidden ones none, and a bar does not break the table", () => {
  const rescue = new Command("rescue").description("Rescue a|b.");
  rescue.addCommand(new Command("show").description("Show one."));
  const program = new Command("prog").addCommand(rescue).addCommand(new Command("inner"), { hidden: true });
  const page = commandPage(namedCommands(program), { title: "t", intro: "i" });
  expect(page).toContain("| [`prog rescue`](#prog-rescue) | Rescue a\\|b. |");
  expect(page).toContain("## prog rescue show\n\n```text\nUsage: prog rescue show [options]");
  expect(page).not.toContain("inner");
});
