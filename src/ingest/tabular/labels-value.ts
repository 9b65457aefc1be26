/** Labels that another system made, as SQL: a category's path, or a list of paths with confidences. */
import { LONGEST_STRING } from '../../generation/validate.ts';
import type { Check } from './typed-value.ts';

const MOST_LABELS = 32;

/**
 * @param raw SQL of the text: a path, or JSON `[{ "path": …, "confidence": … }]` or `["path", …]`
 * @param confidence SQL of the confidence of a single path, where there is such a column
 */
export function labelsValue(
  raw: string,
  typed: string,
  confidence: string | null,
): { value: string; check: Check } {
  const list = `starts_with(${raw}, '[') AND json_valid(${raw})`;
  // A confidence that nobody gave is 1: that system decided. One that cannot be read is refused below.
  const certainty = (text: string) =>
    `CASE WHEN ${text} IS NULL THEN 1 ELSE coalesce(try_cast(${text} AS DOUBLE), -1) END`;
  const path = `CASE WHEN json_type(x) = 'VARCHAR' THEN json_extract_string(x, '$') ELSE json_extract_string(x, '$.path') END`;
  const items = `[{'path': ${path}, 'confidence': ${certainty(`json_extract_string(x, '$.confidence')`)}}
    FOR x IN json_extract(${raw}::JSON, '$[*]')]`;
  const single = `[{'path': ${raw}, 'confidence': ${confidence ? certainty(confidence) : '1'}}]`;
  return {
    value: `CASE WHEN ${raw} IS NULL THEN NULL WHEN ${list} THEN ${items} ELSE ${single} END::STRUCT(path VARCHAR, confidence DOUBLE)[]`,
    check: {
      broken: `len(${typed}) > ${MOST_LABELS} OR len([x FOR x IN ${typed}
        IF x.path IS NULL OR x.path = '' OR strlen(x.path) > ${LONGEST_STRING} OR x.confidence NOT BETWEEN 0 AND 1]) > 0`,
      reason: `'labels: expected a path, or a list of at most ${MOST_LABELS} { path, confidence in [0, 1] }'`,
    },
  };
}
