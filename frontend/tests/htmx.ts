/** In unit tests htmx does nothing: happy-dom has no XPath, and no test here is about htmx. */
export default {
  process: () => undefined,
  trigger: () => true,
  ajax: async () => undefined,
};
