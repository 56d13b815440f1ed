import { describe, expect, it } from 'vitest';
import { ApiProblem, createApiClient, queryText } from '../../src/api/api-client.ts';

const signal = new AbortController().signal;

function clientOf(answer: () => Response, token?: string) {
  const asked: { url: string; method?: string; headers: Record<string, string>; body?: string }[] = [];
  const client = createApiClient({
    async fetch(url, { signal: _, ...init }) {
      asked.push({ url, ...init });
      return answer();
    },
    token: () => token,
  });
  return { client, asked };
}

describe('the client of the API', () => {
  it('asks with what is given, and with the token where there is one', async () => {
    const { client, asked } = clientOf(() => Response.json({ items: [1] }), 'secret');
    const query = { text: 'a b&c', limit: 5, cursor: undefined, kind: '' };
    expect(await client.get('detections', query, signal)).toEqual({ items: [1] });
    expect(asked).toEqual([
      { url: 'api/detections?text=a%20b%26c&limit=5', headers: { authorization: 'Bearer secret' } },
    ]);
    const open = clientOf(() => Response.json({}));
    await open.client.get('status', {}, signal);
    expect(open.asked).toEqual([{ url: 'api/status', headers: {} }]);
  });

  it('sends changes as JSON', async () => {
    const { client, asked } = clientOf(() => Response.json({ id: '7' }), 'secret');
    expect(await client.send('POST', 'mitigations/7/reject', { who: 'anna' }, signal)).toEqual({ id: '7' });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' };
    expect(asked).toEqual([
      { url: 'api/mitigations/7/reject', method: 'POST', headers, body: '{"who":"anna"}' },
    ]);
  });

  it('takes an answer without a word', async () => {
    const { client } = clientOf(() => new Response(null, { status: 204 }));
    expect(await client.send('PUT', 'modules/m', { isEnabled: false }, signal)).toBeUndefined();
  });

  it.each([
    [() => Response.json({ detail: 'no such filter' }, { status: 400 }), 400, 'no such filter'],
    [() => new Response('<html>', { status: 502 }), 502, 'the server answered 502'],
  ])('tells what the server refuses (%#)', async (answer, status, message) => {
    const failure = await clientOf(answer)
      .client.get('flows', {}, signal)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure).toMatchObject({ status, message });
  });

  it('tells that nobody answers, but not that it was told to stop', async () => {
    const { client } = clientOf(() => {
      throw new TypeError('fetch failed');
    });
    await expect(client.get('status', {}, signal)).rejects.toThrow(/does not answer/);
    await expect(client.get('status', {}, AbortSignal.abort())).rejects.toThrow(/fetch failed/);
  });

  it('has no question mark without a query', () => expect(queryText({ a: undefined })).toBe(''));
});
