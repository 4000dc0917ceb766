export interface HubCallPlace {
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
}
