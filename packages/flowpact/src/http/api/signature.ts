import { ApiError } from './api-error.ts';

/** What a request for a change says of itself. */
export interface Said {
  readonly who?: string | undefined;
  readonly why?: string | undefined;
}

/** What is known of it without its saying so. */
export interface Asker {
  /** Its address. */
  readonly from: string;
  /** Whose own token it came with. */
  readonly person: string | undefined;
}

export interface Signature {
  readonly who: string;
  readonly why: string;
}

/**
 * The name and the reason that are kept in the audit log. With a token of a person the name is theirs; without, whoever may use the
 * API gives the name they like, so that the log says where it came from.
 *
 * @param hasPeople whether people have tokens of their own: nobody else signs then
 * @throws ApiError `API_FORBIDDEN` where another name is given than the token's, or the token is nobody's; `API_BAD_REQUEST` where no
 * name is given
 */
export function signature({ who, why }: Said, { from, person }: Asker, hasPeople: boolean): Signature {
  if (person === undefined && hasPeople) {
    throw new ApiError('API_FORBIDDEN', 'this is for people with a token of their own: send yours');
  }
  if (person !== undefined && who !== undefined && who !== person) {
    throw new ApiError('API_FORBIDDEN', `the token is ${person}'s, so that ${who} cannot sign with it`);
  }
  const name = person ?? who;
  if (name === undefined)
    throw new ApiError('API_BAD_REQUEST', 'who: your name is wanted, for the audit log');
  const channel = `(told over the API from ${from}${person === undefined ? '' : ', with their token'})`;
  return { who: name, why: why === undefined || why === '' ? channel : `${why} ${channel}` };
}
