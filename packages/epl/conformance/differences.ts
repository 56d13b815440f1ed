/** Rejections whose expected word is Esper's own phrasing: what is said instead, of the same meaning at the same place. */
export const phrasings: Readonly<Record<string, string>> = {
  'patterns/ctx-reject-010':
    "expected 'granularity' in a context by hash, found the end of the text behind 'Flow'",
  'patterns/mr-reject-003': "expected 'measures' in match_recognize, found 'pattern'",
  'patterns/mr-reject-004': "expected 'pattern' in match_recognize, found 'define'",
  'patterns/mr-reject-005': "expected 'as' and the name of the measure, found 'pattern'",
  'patterns/pattern-reject-016': "expected ')' to close the parenthesis, found ']'",
  'core/reject-syntax-002': "expected 'from' behind the select clause, found 'where'",
  'streams/reject-syntax-001': "expected 'from' behind the select clause, found ';'",
  'streams/reject-syntax-005': "string without end: the closing ' of 'abc; is missing",
};

/** Cases that differ on purpose, each with its reason. A case that passes may not stand here. */
export const differences: Readonly<Record<string, string>> = {
  'streams/win-nowindow-005':
    'an aggregate of an aggregate is rejected: Esper sums up a running maximum, which nobody means',
  'patterns/pattern-repeat-008':
    'an interval in which nothing was collected gives null, always: Esper shows the array of the interval before, from the third one on',
  'patterns/schema-reject-008':
    'map, objectarray and json name one representation here, so a schema may inherit from any other',
};
