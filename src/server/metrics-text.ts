/** The value of one series. */
export interface Sample {
  /** What follows the family's name, such as `_bucket`. @default nothing */
  readonly suffix?: string | undefined;
  readonly labels?: Readonly<Record<string, string | number>> | undefined;
  readonly value: number;
}

/** Series of one name. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** A family of one series. */
export const gauge = (name: string, help: string, value: number, labels?: Sample["labels"]): Family => ({
  ...{ name, help, type: "gauge" },
  samples: [{ value, labels }],
});

/** A family of one series that only grows. */
export const counter = (name: string, help: string, value: number): Family => ({
  ...{ name, help, type: "counter" },
  samples: [{ value }],
});

/** Families in Prometheus' text format, version 0.0.4. Those without a series are left out. */
export const metricsText = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${samples.map((sample) => lineOf(name, sample)).join("")}`,
    )
    .join("");

function lineOf(name: string, { suffix = "", labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(String(text))}"`);
  return `${name}${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}\n`;
}

const escapeHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const escapeValue = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');
