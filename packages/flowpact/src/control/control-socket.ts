/** Of the socket, in the state directory. */
export const controlSocketName = 'control.sock';
