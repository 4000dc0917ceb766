/** What shows a secret by its own shape. Every pattern is linear: no quantifier stands inside another. */
const TOKENS = [
  "(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}",
  "gh[pousr]_[A-Za-z0-9]{20,255}",
  "github_pat_[A-Za-z0-9_]{20,255}",
  "gl(?:pat|dt|rt|ptt|soat|cbt)-[A-Za-z0-9_.-]{16,300}",
  "sk-[A-Za-z0-9_-]{16,300}",
  "[srp]k_(?:live|test)_[A-Za-z0-9]{10,200}",
  "whsec_[A-Za-z0-9+/=]{16,200}",
  "xox[abeoprs]-[A-Za-z0-9-]{10,300}",
  "xapp-[A-Za-z0-9-]{10,300}",
  "AIza[0-9A-Za-z_-]{30,50}",
  "ya29\\.[0-9A-Za-z_-]{20,500}",
  "GOCSPX-[0-9A-Za-z_-]{20,60}",
  "eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8,8000}(?:\\.[A-Za-z0-9_-]{0,4000})?",
  "npm_[A-Za-z0-9]{30,80}",
  "pypi-[A-Za-z0-9_-]{30,300}",
  "do[opr]_v1_[a-f0-9]{40,80}",
  "hf_[A-Za-z0-9]{20,60}",
  "r8_[A-Za-z0-9]{20,60}",
  "SG\\.[A-Za-z0-9_-]{16,40}\\.[A-Za-z0-9_-]{16,80}",
  "key-[0-9a-f]{32}",
  "SK[0-9a-f]{32}",
  "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{20,80}",
  "lin_(?:api|oauth)_[A-Za-z0-9]{20,80}",
  "(?:secret|ntn)_[A-Za-z0-9]{40,80}",
  "sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{16,80}",
  "figd_[A-Za-z0-9_-]{20,80}",
  "dckr_pat_[A-Za-z0-9_-]{16,80}",
  "gsk_[A-Za-z0-9]{20,80}",
  "xai-[A-Za-z0-9]{20,120}",
  "pplx-[A-Za-z0-9]{20,120}",
  "AGE-SECRET-KEY-1[0-9A-Z]{40,80}",
  "hv[sbr]\\.[A-Za-z0-9_-]{20,300}",
  "ATATT3[A-Za-z0-9_=-]{20,300}",
  "dp\\.(?:pt|st|ct|sa)\\.[A-Za-z0-9_.]{20,120}",
  "tskey-[a-z]{2,12}-[A-Za-z0-9-]{10,120}",
  "dapi[0-9a-f]{32}",
  "PMAK-[A-Za-z0-9-]{20,120}",
  "NRAK-[A-Z0-9]{20,60}",
  "sntr[yu]s_[A-Za-z0-9_=+/-]{20,300}",
  "sbp_[a-f0-9]{30,80}",
  "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20,120}",
  "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",
  "[MN][A-Za-z0-9]{23}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,60}",
].join("|");

/** Whole secrets: all of the match goes. */
export const SECRET = new RegExp(`(?<![A-Za-z0-9_])(?:${TOKENS})`, "g");

/** A secret behind words that say so: `$1` stays. */
export const NAMED_SECRETS: readonly RegExp[] = [
  /((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|credential)s?[A-Za-z0-9_.-]{0,20}\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)[^\s"',;\\]{8,4000}/gi,
  /(\b(?:Bearer|Basic|Token|ApiKey)\s{1,3})[A-Za-z0-9._~+/=-]{16,8000}/gi,
  /(:\/\/[^\s:/@]{0,100}:)[^\s@/]{3,300}(?=@)/g,
  /(hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)[A-Za-z0-9/_-]{16,300}/gi,
];

/** A cheap look whether {@link NAMED_SECRETS} are worth trying: most output has none of these words. */
export const MAY_NAME_A_SECRET = /passw|passphrase|secret|token|key|credential|bearer|basic|:\/\/|webhooks/i;

export const PRIVATE_KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
export const PRIVATE_KEY_ENDS = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;

/** Names of environment variables whose values are secrets. */
export const SECRET_NAME =
  /(?:PASS|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|COOKIE|SESSION|DSN|PRIVATE|WEBHOOK|_PAT$|DATABASE_URL|ORCH_STORE)/i;
