import { defineConfig } from "vitest/config";

const shared = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: "unit", include: ["src/**/*.test.ts", "test/{architecture,contract}/**/*.test.ts"] } },
      { test: { ...shared, name: "integration", include: ["test/{integration,differential}/**/*.test.ts"] } },
      // One engine and two cores: clusters that run at the same time would time each other out.
      { test: { ...shared, name: "e2e", include: ["test/e2e/**/*.test.ts"], fileParallelism: false } },
    ],
  },
});
