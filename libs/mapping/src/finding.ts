/**
 * What is wrong (`error`) or might go wrong (`warning`) with a configuration.
 * Shape   `pointer` is a JSON pointer into the configuration, such as `/mappings/0/fields/3/dynamics`.
 */
export type Finding = {
  severity: 'error' | 'warning';
  pointer: string;
  message: string;
};

export const error = (pointer: string, message: string): Finding => ({
  severity: 'error',
  pointer,
  message,
});

export const warning = (pointer: string, message: string): Finding => ({
  severity: 'warning',
  pointer,
  message,
});
