/**
 * The reason that is kept in the audit log: whoever may use the API gives the name they like, so that the log says where it
 * came from.
 */
export const toldOverApi = (why: string | undefined, from: string): string =>
  `${why === undefined || why === '' ? '' : `${why} `}(told over the API from ${from})`;
