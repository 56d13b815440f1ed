/** The types that the mistakes are made with. */
export const schema = `create schema Flow(src string, dst string, sport int, dport int, octets long, ok boolean);
create map schema IPFIX(ipfix.sourceIPv4Address string, ipfix.packetDeltaCount int);
`;

/** Typical mistakes, by what their authors meant. The snapshot is what they read. */
export const mistakes: Readonly<Record<string, string>> = {
  'keyword misspelt at the start': 'selct src from Flow',
  'keyword misspelt in the middle': 'select src from Flow wehre dport = 1',
  'from clause forgotten': 'select src where octets > 1',
  'comma too much': 'select src, from Flow',
  'parenthesis not closed': 'select (octets + 1 from Flow',
  'string not closed': "select src from Flow where src = 'abc",
  'comment not closed': 'select src /* the source from Flow',
  'equality doubled': 'select src from Flow where octets == 1',
  'clauses in the wrong order': 'select src, count(*) from Flow group by src where octets > 1',
  'unknown event type': 'select src from Flows',
  'unknown column': 'select octet from Flow',
  'unknown column of a stream': 'select f.octet from Flow as f',
  'unknown column with a dot': 'select ipfix.sourceIPv4Adress from IPFIX',
  'unknown function': 'select cuont(src) from Flow',
  'unknown data window': 'select src from Flow#lenght(5)',
  'unknown unit of time': 'select src from Flow#time(5 fortnights)',
  'window without its parameter': 'select src from Flow#length',
  'window of no events': 'select src from Flow#length(0)',
  'unknown type of a column': 'create schema Bad(src strng)',
  'keyword as a column': 'create schema Bad(order int)',
  'schema declared twice': 'create schema Flow(a int)',
  'string compared with a number': 'select src from Flow where src = 5',
  'number where a condition must be': 'select src from Flow where octets',
  'sum of strings': 'select sum(src) from Flow',
  'strings added with plus': "select src + 'x' from Flow",
  'number joined to a string': 'select src || dport from Flow',
  'bitwise operator without parentheses': 'select src from Flow where sport & 2 = 2',
  'wide constant in a filter': 'select src from Flow(octets > 99.5)',
  'aggregate in where': 'select src from Flow where count(*) > 1',
  'having on a column that is not grouped': 'select src, sum(octets) from Flow group by src having dport > 1',
  'order by an aggregate that is not selected':
    'select src from Flow#length_batch(5) group by src order by count(*)',
  'two columns of one name': 'select src as host, dst as host from Flow',
  'ambiguous column in a join': 'select src from Flow#lastevent as a, Flow#lastevent as b',
  'join without a window': 'select a.src from Flow as a, Flow#lastevent as b',
  'insert of an unknown column':
    'create schema Alert(sev int); insert into Alert select dport as severity from Flow',
  'insert of a wrong type': 'create schema Alert(sev int); insert into Alert select src as sev from Flow',
  'branches of case that do not go together': "select case when octets > 1 then 'x' else 5 end from Flow",
  'minus before a parenthesis': 'select -(sport - dport) from Flow',
  'what this version does not run': 'select * from pattern [every Flow]',
  'prev without a window': 'select prev(1, src) from Flow',
  'prior with a number that is no constant': 'select prior(dport, src) from Flow',
  'pattern of regexp that needs backtracking': "select src from Flow where src regexp '(a)\\\\1'",
  'having on a rollup of a column that is not grouped':
    'select src, dport, sum(octets) from Flow group by rollup(src)',
  'grouping without a rollup': 'select grouping(src) from Flow group by src',
  'update of an unknown column': 'update istream Flow set octet = 1',
  'variable of the wrong type': "create variable int lim = 'abc'",
};
