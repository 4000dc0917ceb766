/** A git setting for one call: `["core.fsync", "all"]`. */
export type GitSetting = readonly [key: string, value: string];

/** What holds in every call: no code of the repository's settings runs, nothing is fetched, nobody is asked. */
const PINNED: readonly GitSetting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.editor", "true"],
  ["core.pager", "cat"],
  ["core.askPass", "true"],
  ["core.sshCommand", "false"],
  ["core.alternateRefsCommand", "true"],
  ["core.useReplaceRefs", "false"],
  ["credential.helper", ""],
  ["protocol.allow", "never"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  ["commit.gpgSign", "false"],
  ["tag.gpgSign", "false"],
  ["log.showSignature", "false"],
  ["merge.verifySignatures", "false"],
  ["merge.autoStash", "false"],
  ["branch.autoSetupMerge", "false"],
  ["push.autoSetupRemote", "false"],
  ["color.ui", "false"],
];

/** git syncs nothing on its own when it writes objects and refs; these make an answer mean "on disk". */
const DURABLE: readonly GitSetting[] = [
  ["core.fsync", "all"],
  ["core.fsyncMethod", "fsync"],
];

/** For objects that `makeDurable` syncs together, later. */
const SYNCED_LATER: readonly GitSetting[] = [["core.fsync", "none"]];

export interface EnvironmentWish {
  readonly writes: boolean;
  readonly durable: boolean;
  readonly settings?: readonly GitSetting[] | undefined;
  /** `GIT_DIR`, `GIT_INDEX_FILE` …: only what the call itself decides. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/**
 * The whole environment of a git call: the caller's without anything that steers git, English messages, no
 * terminal, no editor, no pager, no passwords, and our settings above the repository's.
 */
export function gitEnvironment(base: NodeJS.ProcessEnv, wish: EnvironmentWish): Record<string, string> {
  const settings = [
    ...PINNED,
    ...(wish.writes ? (wish.durable ? DURABLE : SYNCED_LATER) : []),
    ...(wish.settings ?? []),
  ];
  return {
    ...inherited(base),
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    GIT_SEQUENCE_EDITOR: "true",
    GIT_PAGER: "cat",
    GIT_ASKPASS: "true",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_ADVICE: "0",
    ...(wish.writes ? {} : { GIT_OPTIONAL_LOCKS: "0" }),
    ...settingsAsVariables(settings),
    ...wish.variables,
  };
}

const STEERS_GIT = /^(GIT_|LC_|LANGUAGE$|LANG$|EDITOR$|VISUAL$|PAGER$|SSH_ASKPASS|GCM_|LESS|LV$|ORCH_PROMPT$)/;

function inherited(base: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !STEERS_GIT.test(name)) kept[name] = value;
  }
  return kept;
}

function settingsAsVariables(settings: readonly GitSetting[]): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(([key, value], index) => {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return variables;
}
