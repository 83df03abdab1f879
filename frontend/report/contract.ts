// The shape of `huiyin.insight.findings.Findings` as it stands in the page; a test compares the field names.

export type Verdict = "up" | "down" | "flat" | "unknown";

export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

export interface Name {
  zh: string;
  en: string;
}

export interface Mark {
  start: number;
  end: number;
  polarity: number;
  intensity: number;
  primary: boolean;
}

export interface Quote {
  feedback_id: string;
  text: string;
  marks: Mark[];
  intensity: number;
  customer: string | null;
  product: string | null;
  region: string | null;
  channel: string | null;
  rating: number | null;
  scale_max: number | null;
  occurred_on: string | null;
  folded: number;
}

export interface Week {
  start: string;
  count: number;
  total: number;
  per_thousand: number | null;
  low: number | null;
  high: number | null;
}

export interface Trend {
  weeks: Week[];
  verdict: Verdict;
  since: string | null;
  before: Estimate;
  after: Estimate;
  ratio: Estimate;
  q_value: number | null;
}

export interface Share {
  name: Name;
  count: number;
  share: Estimate;
  expected: number;
}

export type Dimension = "step" | "product" | "brand" | "region" | "store" | "channel" | "segment";

export interface Concentration {
  dimension: Dimension;
  theme: Name;
  theme_path: string;
  top: Share;
  total: number;
  unassigned: number;
  p_value: number;
  rows: Share[];
  owner: string | null;
}

export type Part = "frequency" | "intensity" | "harm";

export interface Problem {
  problem_id: string;
  rank: number;
  aspect: string;
  name: Name;
  parent: Name | null;
  definition: Name | null;
  owner: string | null;
  touchpoint: string | null;
  customers: number;
  feedback: number;
  mentions: number;
  frequency: Estimate;
  intensity: Estimate;
  harm: Estimate | null;
  score: Estimate;
  rank_probability: number[];
  rank_certainty: number;
  tied_with: number[];
  rank_by: Partial<Record<Part, number>>;
  trend: Trend;
  concentrations: Concentration[];
  evidence: Quote[];
  evidence_customers: number;
}

export interface Praise {
  aspect: string;
  name: Name;
  customers: number;
  frequency: Estimate;
  evidence: Quote[];
}

export interface Change {
  problem_id: string;
  name: Name;
  verdict: "up" | "down";
  since: string;
  before: number;
  after: number;
  ratio: Estimate;
}

export interface ScoreSummary {
  metric: "nps" | "rating";
  scale_max: number;
  value: Estimate;
  distribution: [number, number][];
  weeks: [string, number | null, number | null, number | null, number][];
}

export interface SentimentShare {
  negative: Estimate;
  neutral: Estimate;
  positive: Estimate;
  weeks: [string, number, number, number][];
}

export interface Coverage {
  feedback_placed: Estimate;
  negative_placed: Estimate;
  unplaced: Quote[];
  unplaced_total: number;
  unplaced_words: [string, number][];
}

export interface Volume {
  read: number;
  kept: number;
  rejected: number;
  duplicates: number;
  customers: number;
  customers_known: boolean;
  mentions: number;
  first_day: string | null;
  last_day: string | null;
  weeks: [string, number][];
  channels: [string, number][];
  products: [string, number][];
  languages: [string, number][];
}

export interface Findings {
  title: string;
  generated_at: string;
  taxonomy: string;
  taxonomy_name: Name;
  partial: boolean;
  volume: Volume;
  sentiment: SentimentShare;
  score: ScoreSummary | null;
  problems: Problem[];
  too_small: [Name, number][];
  minimum_customers: number;
  changes: Change[];
  steps: Concentration[];
  praised: Praise[];
  coverage: Coverage;
  replicates: number;
  checksum: string;
  notes: string[];
}
