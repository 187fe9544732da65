/** Keeps the process alive until the returned function is called: a Clock's timers do not. */
export function keepAlive(): () => void {
  const timer = setInterval(() => {}, 2 ** 30);
  return () => clearInterval(timer);
}
