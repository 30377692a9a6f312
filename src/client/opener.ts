/** Something that is opened when it is first wanted. */
export interface Opener<T> {
  /** What has been opened, if it has. */
  current(): T | undefined;
  /** What is opened, once however many ask at the same time; a failure is forgotten, so that the next one may do better. */
  open(): Promise<T>;
}

/** Opens by `open`, once. */
export function opener<T>(open: () => Promise<T>): Opener<T> {
  let opened: T | undefined;
  let opening: Promise<T> | undefined;
  return {
    current: () => opened,
    open() {
      opening ??= open().then(
        (value) => {
          opened = value;
          return value;
        },
        (error) => {
          opening = undefined;
          throw error;
        },
      );
      return opening;
    },
  };
}
