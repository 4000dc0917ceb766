import fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor, REDACTED, secretsOf } from "../../src/events/redactor.ts";

const letters = (length: number): string => "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA".repeat(8).slice(0, length);
const hex = (length: number): string => "0a1b2c3d4e5f67890a1b2c3d4e5f6789".repeat(4).slice(0, length);
const upper = (length: number): string => "A2B4C6D8E0F1G3H5".repeat(8).slice(0, length);

/** Made up, each in the shape of its kind; put together here so that no scanner takes this file for a leak. */
const SHAPES: readonly (readonly [string, string])[] = [
  ["AWS access key", `AKIA${upper(16)}`],
  ["AWS session key", `ASIA${upper(16)}`],
  ["GitHub classic token", `ghp_${letters(36)}`],
  ["GitHub OAuth token", `gho_${letters(36)}`],
  ["GitHub server token", `ghs_${letters(36)}`],
  ["GitHub fine-grained token", `github_pat_${letters(22)}_${letters(59)}`],
  ["GitLab token", `glpat-${letters(20)}`],
  ["Anthropic key", `sk-ant-api03-${letters(90)}`],
  ["OpenAI project key", `sk-proj-${letters(60)}`],
  ["OpenAI key", `sk-${letters(48)}`],
  ["Stripe secret key", `sk_live_${letters(24)}`],
  ["Stripe restricted key", `rk_live_${letters(24)}`],
  ["Stripe webhook secret", `whsec_${letters(32)}`],
  ["Slack bot token", `xoxb-1234567890-1234567890-${letters(24)}`],
  ["Slack app token", `xapp-1-A0123-1234567890-${hex(32)}`],
  ["Slack webhook", `https://hooks.slack.com/services/T0AB/B0AB/${letters(24)}`],
  ["Discord webhook", `https://discord.com/api/webhooks/123456789012345678/${letters(60)}`],
  ["Discord bot token", `M${letters(23)}.${letters(6)}.${letters(27)}`],
  ["Google API key", `AIza${letters(35)}`],
  ["Google OAuth token", `ya29.${letters(60)}`],
  ["Google client secret", `GOCSPX-${letters(28)}`],
  ["JSON web token", `eyJ${letters(20)}.eyJ${letters(40)}.${letters(43)}`],
  ["npm token", `npm_${letters(36)}`],
  ["PyPI token", `pypi-${letters(80)}`],
  ["DigitalOcean token", `dop_v1_${hex(64)}`],
  ["Hugging Face token", `hf_${letters(34)}`],
  ["Replicate token", `r8_${letters(37)}`],
  ["SendGrid key", `SG.${letters(22)}.${letters(43)}`],
  ["Mailgun key", `key-${hex(32)}`],
  ["Twilio key", `SK${hex(32)}`],
  ["Shopify token", `shpat_${hex(32)}`],
  ["Linear key", `lin_api_${letters(40)}`],
  ["Notion secret", `secret_${letters(43)}`],
  ["Square token", `sq0atp-${letters(22)}`],
  ["Figma token", `figd_${letters(40)}`],
  ["Docker token", `dckr_pat_${letters(27)}`],
  ["Groq key", `gsk_${letters(52)}`],
  ["xAI key", `xai-${letters(80)}`],
  ["age key", `AGE-SECRET-KEY-1${upper(58)}`],
  ["Vault token", `hvs.${letters(90)}`],
  ["Atlassian token", `ATATT3${letters(100)}`],
  ["Doppler token", `dp.pt.${letters(40)}`],
  ["Tailscale key", `tskey-auth-${letters(12)}-${letters(32)}`],
  ["Databricks token", `dapi${hex(32)}`],
  ["Postman key", `PMAK-${hex(24)}-${hex(34)}`],
  ["Telegram bot token", `123456789:AA${letters(33)}`],
  ["password in a URL", `postgres://orch:${letters(12)}@db.example:5432/x`],
  ["bearer header", `Authorization: Bearer ${letters(40)}`],
  ["basic header", `authorization: basic ${letters(24)}==`],
  ["password in an assignment", `DB_PASSWORD=${letters(14)}`],
  ["secret in JSON", `{"client_secret": "${letters(20)}"}`],
  ["secret in YAML", `api_key: ${letters(20)}`],
  ["Azure account key", `AccountKey=${letters(60)}==`],
  ["AWS secret in a profile", `aws_secret_access_key = ${letters(40)}`],
];

/** The part of a shape that must be gone: its longest run of letters. */
const core = (secret: string): string => secret.split(/[^A-Za-z0-9]/).reduce((a, b) => (b.length > a.length ? b : a));

test.each(SHAPES)("%s is taken out by its shape, wherever it stands in a line", (_name, secret) => {
  for (const line of [secret, `at the end ${secret}`, `${secret} at the beginning`, `in "${secret}" quotes`]) {
    const safe = createRedactor()(line);
    expect(safe).toContain(REDACTED);
    expect(safe).not.toContain(core(secret));
  }
});

test("a private key goes whole, also when it comes line by line", () => {
  const key = `before\n-----BEGIN OPENSSH PRIVATE KEY-----\n${letters(64)}\n${letters(64)}\n-----END OPENSSH PRIVATE KEY-----\nafter`;
  expect(createRedactor()(key)).toMatch(/^before\n\[redacted\]*[^a-z0-9]*\nafter$/i);
  const redact = createRedactor();
  const lines = key.split("\n").map((line) => redact(line));
  expect(lines.join("\n")).not.toContain(letters(10));
  expect([lines[0], lines.at(-1)]).toEqual(["before", "after"]);
});

test("the values of secret variables go in each form they are written in; other values stay", () => {
  const values = secretsOf({ MY_TOKEN: 'p"q r/s+t', DB_PASSWORD: "correct horse", PATH: "/usr/bin", AUTH: "short" });
  const redact = createRedactor(values);
  for (const form of [
    'p"q r/s+t',
    JSON.stringify('p"q r/s+t').slice(1, -1),
    encodeURIComponent('p"q r/s+t'),
    "correct horse",
  ]) {
    expect(redact(`x ${form} y`)).toBe(`x ${REDACTED} y`);
  }
  expect(redact("a short walk to /usr/bin")).toBe("a short walk to /usr/bin");
});

test("a key in the environment over several lines is taken out line by line", () => {
  const value = `-----BEGIN X-----\n${letters(40)}\n${letters(41)}\n-----END X-----`;
  expect(createRedactor([value])(`leaks ${letters(40)}`)).not.toContain(letters(39));
});

test.each([
  "All 214 tests passed in 12.4 s",
  "https://example.com:8080/path?x=1",
  "tokens: 300, keys: 4, secrets: none",
  "commit 0123456789abcdef0123456789abcdef01234567",
  "key-value stores and sk-learn",
  "function token(input: string): Token[] {",
])("ordinary text stays as it is: %s", (line) => {
  expect(createRedactor()(line)).toBe(line);
});

test("no input keeps the funnel busy: a MiB of the worst that we know ends at once", () => {
  const worst = ["a.", "key", "Bearer ", "eyJ", "://x:", "-----BEGIN ", "token=", 'secret"', "sk-", "[", "xoxb-1-"];
  for (const part of worst) {
    const text = part.repeat(Math.ceil((1 << 20) / part.length));
    const from = process.cpuUsage();
    createRedactor(["some given value"])(text);
    const { user, system } = process.cpuUsage(from);
    expect([part, (user + system) / 1000 < 3000]).toEqual([part, true]);
  }
});

test("nothing makes it throw, and redacting twice changes nothing more", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (text, values) => {
      const once = createRedactor(values)(text);
      expect(typeof once).toBe("string");
    }),
  );
});
