/** What came of something within a time: its value, or that it is late. What comes later is lost; its failure is not. */
export async function within<T>(
  work: Promise<T>,
  limitInMs: number,
  onLateFailure: (error: unknown) => void,
): Promise<{ readonly value: T } | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve('late');
    }, limitInMs);
  });
  const done = work.then((value) => ({ value }));
  done.catch((error: unknown) => {
    if (isLate) onLateFailure(error);
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
