/** Keywords that may stand unquoted where a name is meant, but not as a column of `create schema`. */
const usableAsName =
  `after at avedev avg cast coalesce context count define escape every events first for full index
instanceof join last lastweekday left matched matches max median merge metadatasql min outer partition pattern prev
prevcount prevtail prevwindow prior right schema set snapshot sql stddev sum table typeof unidirectional until using
variable weekday while window`.split(/\s+/);

/** Keywords that are names only between backticks. */
const neverNames =
  `all and any as asc between by case create cube current_timestamp day days delete desc distinct else
end exists expression false from group grouping grouping_id having hour hours in initiated inner insert instanceof into
irstream is istream like limit match_recognize measures microsecond microseconds millisecond milliseconds minute minutes
month months msec new not null offset on or order output regexp rollup rstream sec second seconds select sets some start
terminated then true update usec values week weeks when where year years`.split(/\s+/);

/** Ordinary names although they also appear in clauses: the words that schemas of the field use. */
const ordinary = new Set(['events']);

const usable = new Set(usableAsName);
const reserved = new Set(neverNames);

/** Whether the word, in lower case, can be a name only between backticks. */
export const isReserved = (keyword: string): boolean => reserved.has(keyword);

/** Whether the word cannot be the unquoted name of a column in `create schema`. */
export const isRefusedAsColumn = (keyword: string): boolean =>
  reserved.has(keyword) || (usable.has(keyword) && !ordinary.has(keyword));

/** Words that may follow a select or from item and are therefore no alias without `as`. */
const clauseWords = new Set(
  `after as for full inner insert into join left matched on order outer output retain right set unidirectional
  using until where`.split(/\s+/),
);

export const startsClause = (keyword: string): boolean => clauseWords.has(keyword) || reserved.has(keyword);
