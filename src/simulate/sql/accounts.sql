-- The accounts: where they are billed, what they speak, which app they come with, whose key they use.
-- One row: one account. Reads sim_settings, sim_countries, sim_languages, sim_apps.
CREATE OR REPLACE TEMP TABLE sim_accounts AS
WITH numbers AS (
  SELECT range AS account, hash(xor(2 * range, salt)) AS h, hash(xor(2 * range + 1, salt)) AS g
  FROM sim_settings, range(accounts)
)
SELECT
  n.account::INTEGER AS account,
  left(md5('account ' || n.account || ' ' || s.seed), 16) AS name,
  p.continent,
  p.country,
  l.language,
  a.app,
  (n.g & 65535) / 65536.0 < s.byok AS byok
FROM numbers AS n
CROSS JOIN sim_settings AS s
JOIN sim_countries AS p ON p.slot = (n.h & 1023)
JOIN sim_languages AS l ON l.country = p.country AND l.slot = ((n.h >> 12) & 1023)
JOIN sim_apps AS a ON a.slot = ((n.h >> 24) & 1023)
