export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Takes a stream of server-sent events apart (HTML Living Standard, section 9.2.6), as far as the API uses them: `event` and
 * `data`. EventSource does the same, but cannot send a token.
 */
export function createEventStreamParser(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  let event = '';
  let data: string[] = [];
  const line = (text: string) => {
    if (text === '') {
      if (data.length > 0) onEvent({ event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(text) ?? [];
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  };
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?=.)/s);
    rest = lines.pop() ?? '';
    for (const each of lines) line(each);
  };
}
