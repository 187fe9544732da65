// What a controller reads or deletes may be gone already; mostly that is as good as done.
import { isNotFound } from "../api/errors.ts";

/** The result, or undefined when the object is not there any more. */
export async function orGone<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
