import type { Survey } from "./survey.ts";

/** Where CI systems look for their set-up. */
const SYSTEMS: readonly (readonly [name: string, file: RegExp])[] = [
  ["GitHub Actions", /^\.github\/workflows\/[^/]+\.ya?ml$/],
  ["GitLab CI", /^\.gitlab-ci\.ya?ml$/],
  ["CircleCI", /^\.circleci\/config\.ya?ml$/],
  ["Travis CI", /^\.travis\.ya?ml$/],
  ["Azure Pipelines", /^(?:\.azure-pipelines\/.+|azure-pipelines[^/]*)\.ya?ml$/],
  ["Jenkins", /^Jenkinsfile[^/]*$/],
  ["Buildkite", /^\.buildkite\/.+\.ya?ml$/],
  ["AppVeyor", /^\.?appveyor\.ya?ml$/],
  ["Drone", /^\.drone\.(?:ya?ml|jsonnet|star)$/],
  ["Woodpecker", /^\.woodpecker(?:\/.+)?\.ya?ml$/],
  ["Bitbucket Pipelines", /^bitbucket-pipelines\.ya?ml$/],
  ["Cirrus CI", /^\.cirrus\.(?:ya?ml|star)$/],
  ["Semaphore", /^\.semaphore\/.+\.ya?ml$/],
  ["TeamCity", /^\.teamcity\/.+\.kts?$/],
  ["Tekton", /^\.tekton\/.+\.ya?ml$/],
  ["Forgejo or Gitea Actions", /^\.(?:forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/],
  ["Prow", /^\.prow(?:\/.+)?\.ya?ml$/],
  ["SourceHut builds", /^\.build(?:s\/.+)?\.yml$/],
  ["own script", /^\.ci\/.+$|^ci\/(?:run|test|build)[^/]*$/],
];

/** Calls of something that may run tests without saying so. */
const MAY_TEST =
  /test|check|verify|spec|tox|nox|make\b|just\b|bazel|gradle|mvn|maven|cargo|turbo|\bnx\b|\btask\b|rake|\.\/|uses: [^\n]*\.ya?ml|\brun (?:ci|all|validate|build)\b|\b(?:npm|pnpm|yarn|bun) (?:run )?ci\b|script/i;

export interface Ci {
  readonly systems: readonly string[];
  readonly files: readonly string[];
  /** False only when no file says anything that could run a test. */
  readonly mentionsTests: boolean;
}

export async function findCi(survey: Survey): Promise<Ci> {
  const found = survey.files.flatMap(({ path }) => {
    const system = SYSTEMS.find(([, file]) => file.test(path));
    return system === undefined ? [] : [{ path, system: system[0] }];
  });
  const texts = await Promise.all(found.map(({ path }) => survey.text(path)));
  return {
    systems: [...new Set(found.map(({ system }) => system))].sort(),
    files: found.map(({ path }) => path),
    mentionsTests: texts.some((text) => text === undefined || MAY_TEST.test(withoutComments(text))),
  };
}

function withoutComments(text: string): string {
  return text.replace(/(?:^|\s)#.*$/gm, "");
}
