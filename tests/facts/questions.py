"""The questions that every engine must answer with the same contents: name → (sql, parameters). Written in the plain subset."""

QUESTIONS: dict[str, tuple[str, tuple[object, ...]]] = {
    "how many voices": ("SELECT count(*) AS n, count(score) AS scored, count(DISTINCT unit) AS people FROM voice", ()),
    "top problems": (
        (
            "SELECT aspect, count(DISTINCT unit) AS people, count(*) AS n, sum(intensity) AS pain FROM opinion "
            "WHERE polarity = -1 AND aspect IS NOT NULL GROUP BY aspect ORDER BY people DESC, aspect LIMIT 10"
        ),
        (),
    ),
    "daily trend": (
        "SELECT day, count(*) AS n, sum(CASE WHEN polarity = -1 THEN 1 ELSE 0 END) AS negative FROM opinion GROUP BY day ORDER BY day",
        (),
    ),
    "weeks begin on Monday": ("SELECT week, min(day) AS first, count(*) AS n FROM voice GROUP BY week ORDER BY week", ()),
    "months": ("SELECT CAST(date_trunc('month', day) AS DATE) AS month, count(*) AS n FROM voice GROUP BY 1 ORDER BY 1", ()),
    "aspect by product, with what is not stated": (
        "SELECT coalesce(aspect, '—') AS aspect, product, count(*) AS n FROM opinion GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
        (),
    ),
    "a column hidden by an alias of its name": (
        "SELECT coalesce(product, 'none') AS product, count(*) AS n FROM voice WHERE product IS NULL OR product = 'T11' GROUP BY 1 ORDER BY 1",
        (),
    ),
    "pareto inside one aspect": (
        (
            "WITH parts AS (SELECT aspect, count(*) AS n FROM opinion WHERE starts_with(aspect, ?) GROUP BY aspect) "
            "SELECT aspect, n, sum(n) OVER (ORDER BY n DESC, aspect ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running, "
            "CAST(n AS DOUBLE) / sum(n) OVER () AS share FROM parts ORDER BY n DESC, aspect"
        ),
        ("delivery",),
    ),
    "nps by segment": (
        (
            "SELECT segment, count(*) AS n, 100.0 * (sum(CASE WHEN score >= 9 THEN 1 ELSE 0 END) - sum(CASE WHEN score <= 6 THEN 1 ELSE 0 END)) "
            "/ count(*) AS nps FROM voice WHERE metric = 'nps' AND score IS NOT NULL GROUP BY segment ORDER BY segment"
        ),
        (),
    ),
    "averages with gaps": (
        "SELECT region, avg(score) AS mean, stddev_samp(score) AS spread, median(score) AS middle FROM voice GROUP BY 1 ORDER BY 1",
        (),
    ),
    "quantiles": ("SELECT quantile_cont(intensity, 0.9) AS high, quantile_cont(intensity, 0.25) AS low FROM opinion", ()),
    "nothing at all": (
        "SELECT count(*) AS n, sum(score) AS total, avg(score) AS mean, max(day) AS last, min(channel) AS least FROM voice WHERE channel = 'nowhere'",
        (),
    ),
    "an outer join leaves gaps": (
        (
            "SELECT v.feedback_id, o.mention_no, o.aspect, o.intensity FROM voice v LEFT JOIN opinion o ON o.feedback_id = v.feedback_id "
            "ORDER BY v.feedback_id, o.mention_no"
        ),
        (),
    ),
    "voices without an opinion": (
        "SELECT count(*) AS n FROM voice WHERE feedback_id NOT IN (SELECT feedback_id FROM opinion)",
        (),
    ),
    "rank within a product": (
        (
            "SELECT product, aspect, n, row_number() OVER (PARTITION BY product ORDER BY n DESC, aspect) AS place FROM "
            "(SELECT product, aspect, count(*) AS n FROM opinion GROUP BY product, aspect) AS counted_pairs ORDER BY product, place"
        ),
        (),
    ),
    "moving average over 7 days": (
        (
            "SELECT day, avg(n) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS mean, lag(n) OVER (ORDER BY day) AS previous FROM "
            "(SELECT day, CAST(count(*) AS DOUBLE) AS n FROM voice WHERE day IS NOT NULL GROUP BY day) AS days ORDER BY day"
        ),
        (),
    ),
    "baseline of the days before": (
        (
            "SELECT aspect, count(*) AS n, count(DISTINCT day) AS days FROM opinion WHERE day >= CAST(CAST(? AS DATE) - INTERVAL 20 DAY AS DATE) "
            "AND day < CAST(? AS DATE) GROUP BY aspect ORDER BY aspect"
        ),
        ("2026-04-25", "2026-04-25"),
    ),
    "days between": ("SELECT feedback_id, date_diff('day', DATE '2026-03-01', day) AS since FROM voice ORDER BY feedback_id LIMIT 20", ()),
    "weekdays": (
        "SELECT extract(isodow FROM day) AS weekday, dayofweek(day) AS from_sunday, count(*) AS n FROM voice GROUP BY 1, 2 ORDER BY 1, 2",
        (),
    ),
    "letters, not bytes": (
        (
            "SELECT feedback_id, length(text) AS letters, substr(text, 1, 2) AS head, lower(text) AS low, upper(channel) AS high "
            "FROM voice ORDER BY feedback_id LIMIT 60"
        ),
        (),
    ),
    "text as it was": ("SELECT feedback_id, text, title FROM voice ORDER BY feedback_id", ()),
    "text search": ("SELECT feedback_id FROM voice WHERE contains(lower(text), lower(?)) ORDER BY feedback_id", ("aPP",)),
    "like": ("SELECT count(*) AS n FROM voice WHERE text LIKE '%100%%'", ()),
    "first part of a path": ("SELECT split_part(aspect, '/', 1) AS root, count(*) AS n FROM opinion GROUP BY 1 ORDER BY 1", ()),
    "an attribute, missing or empty": (
        "SELECT attributes['颜色'] AS colour, count(*) AS n FROM voice GROUP BY 1 ORDER BY 1",
        (),
    ),
    "an attribute asked by parameter": ("SELECT attributes[?] AS value, count(*) AS n FROM voice GROUP BY 1 ORDER BY 1", ("it's",)),
    "all of an attribute map": ("SELECT feedback_id, attributes FROM voice ORDER BY feedback_id LIMIT 30", ()),
    "times": ("SELECT feedback_id, occurred_at, day, week FROM voice ORDER BY occurred_at DESC, feedback_id", ()),
    "true, false, unknown": ("SELECT feedback_id, invited, is_spam, score > 5 AS high, channel IS NULL AS gap FROM voice ORDER BY feedback_id", ()),
    "any and every": ("SELECT product, max(CASE WHEN invited THEN 1 ELSE 0 END) AS any_invited FROM voice GROUP BY product ORDER BY product", ()),
    "integer arithmetic": (
        "SELECT mention_no // 2 AS half, mention_no % 2 AS odd, sum(polarity) AS balance FROM opinion GROUP BY 1, 2 ORDER BY 1, 2",
        (),
    ),
    "division": ("SELECT aspect, sum(polarity) / count(*) AS mean FROM opinion GROUP BY aspect ORDER BY aspect", ()),
    "mathematics": (
        (
            "SELECT feedback_id, mention_no, ln(intensity + 1) AS a, sqrt(intensity) AS b, power(intensity, 2) AS c, exp(-intensity) AS d, "
            "floor(intensity * 10) AS e, greatest(intensity, 0.5) AS f, least(polarity, 0) AS g, abs(polarity) AS h "
            "FROM opinion ORDER BY feedback_id, mention_no LIMIT 50"
        ),
        (),
    ),
    "the first by time": ("SELECT product, arg_min(score, occurred_at) AS first_score FROM voice WHERE score IS NOT NULL GROUP BY 1 ORDER BY 1", ()),
    "union removes what repeats": (
        "SELECT channel AS value FROM voice WHERE channel IS NOT NULL UNION SELECT product AS value FROM voice WHERE product IS NOT NULL ORDER BY value",
        (),
    ),
    "union all keeps it": (
        "SELECT 'voice' AS kind, count(*) AS n FROM voice UNION ALL SELECT 'opinion' AS kind, count(*) AS n FROM opinion ORDER BY kind",
        (),
    ),
    "having": ("SELECT customer_id, count(*) AS n FROM voice GROUP BY customer_id HAVING count(*) > 3 ORDER BY n DESC, customer_id", ()),
    "pairs said together": (
        (
            "SELECT a.aspect AS one, b.aspect AS other, count(DISTINCT a.feedback_id) AS n FROM opinion a JOIN opinion b "
            "ON a.feedback_id = b.feedback_id AND a.aspect < b.aspect GROUP BY 1, 2 ORDER BY n DESC, 1, 2"
        ),
        (),
    ),
    "same or both unknown": (
        "SELECT count(*) AS n FROM voice v JOIN opinion o ON v.feedback_id = o.feedback_id WHERE v.touchpoint IS NOT DISTINCT FROM o.target",
        (),
    ),
    "parameters of every type": (
        "SELECT count(*) AS n FROM voice WHERE score >= ? AND sentiment < ? AND coalesce(invited, FALSE) = ? AND day <= CAST(? AS DATE) AND channel = ?",
        (3, 0.9, False, "2026-04-30", "app"),
    ),
    "correlation": ("SELECT corr(score, sentiment) AS r, covar_samp(score, sentiment) AS c FROM voice", ()),
    "exists": (
        "SELECT count(*) AS n FROM voice WHERE unit IN (SELECT unit FROM opinion WHERE intent = 'complaint') AND day IS NOT NULL",
        (),
    ),
    "reserved names": ('SELECT feedback_id, mention_no, "start", "end" FROM opinion ORDER BY feedback_id, mention_no LIMIT 20', ()),
    "a question mark that is no parameter": ("SELECT '?' AS mark, count(*) AS n FROM voice WHERE channel = ?", ("app",)),
    "rows without numbers": ("SELECT feedback_id FROM opinion WHERE polarity = 9 ORDER BY feedback_id", ()),
}
