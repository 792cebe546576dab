using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Objects.Schedules;

namespace Kennel.Objects.Tests.Schedules;

public sealed class ScheduleTests
{
    static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z")]
    [InlineData("* * * * *", "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z")]
    [InlineData("0/15 * * * *", "2026-01-01T00:14:59Z", "2026-01-01T00:15:00Z")]
    [InlineData("*/15 * * * *", "2026-01-01T00:45:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("20-35/15 * * * *", "2026-01-01T00:20:00Z", "2026-01-01T00:35:00Z")]
    [InlineData("30 08 ? Jul Sun", "2026-07-15T23:50:00Z", "2026-07-19T08:30:00Z")]
    [InlineData("30 08 15 JUL ?", "2026-07-15T08:30:00Z", "2027-07-15T08:30:00Z")]
    [InlineData("0 0 1,15 * mon", "2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z")] // either day is enough
    [InlineData("0 0 */2 * mon", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")] // a step isn't left open
    [InlineData("0 0 1 * *", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 31 2 *", "2026-01-01T00:00:00Z", null)]
    [InlineData("59 23 31 12 *", "2026-01-01T00:00:00Z", "2026-12-31T23:59:00Z")]
    [InlineData("@yearly", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@annually", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("@monthly", "2026-03-02T00:00:00Z", "2026-04-01T00:00:00Z")]
    [InlineData("@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z")]
    [InlineData("@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("@midnight", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")]
    [InlineData("@hourly", "2026-01-01T00:59:00Z", "2026-01-01T01:00:00Z")]
    [InlineData("@every 1h30m", "2026-01-01T00:00:00Z", "2026-01-01T01:30:00Z")]
    [InlineData("@every 100ms", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")]
    [InlineData("TZ=Asia/Kolkata 30 2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T21:00:00Z")]
    public void The_next_time_is(string schedule, string after, string? next) =>
        Schedule.Parse(schedule).Schedule.ShouldNotBeNull().Next(Time(after), TimeZoneInfo.Utc).ShouldBe(next is null ? null : Time(next));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-29T00:00:00Z", "2026-03-30T00:30:00Z")] // Berlin, 29 March: 2:30 doesn't happen
    [InlineData("30 3 * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z")] // 25 October: 2:30 happens twice
    [InlineData("30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("0 0 * * *", "2026-06-30T22:00:00Z", "2026-07-01T22:00:00Z")]
    public void A_zone_puts_its_clocks_forward_and_back(string schedule, string after, string next) =>
        Schedule.Parse(schedule).Schedule!.Next(Time(after), Zones.Find("Europe/Berlin").ShouldNotBeNull()).ShouldBe(Time(next));

    [Theory]
    [InlineData("", "empty spec string")]
    [InlineData("* * * *", "expected exactly 5 fields, found 4: [* * * *]")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("*/2/3 * * * *", "too many slashes: */2/3")]
    [InlineData("60 * * * *", "end of range (60) above maximum (59): 60")]
    [InlineData("* * 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("* * * * 7", "end of range (7) above maximum (6): 7")]
    [InlineData("5-2 * * * *", "beginning of range (5) beyond end of range (2): 5-2")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("*/-1 * * * *", "failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax", true)]
    [InlineData("@fortnightly", "unrecognized descriptor: @fortnightly")]
    [InlineData("@every 1x", "failed to parse duration @every 1x: time: invalid duration \"1x\"")]
    [InlineData("TZ=Mars/Olympus * * * * *", "provided bad location Mars/Olympus: unknown time zone Mars/Olympus")]
    public void A_text_that_is_none_is_refused_in_upstreams_words(string text, string problem, bool anything = false)
    {
        var (schedule, said) = Schedule.Parse(text);
        schedule.ShouldBeNull();
        if (!anything) said.ShouldBe(problem);
        else said.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("Etc/GMT+12", true)]
    [InlineData("../etc/passwd", false)]
    [InlineData("Europe//Berlin", false)]
    [InlineData("", false)]
    public void Zones_are_found_by_their_names(string name, bool found) => (Zones.Find(name) is not null).ShouldBe(found);

    /// <summary>The same by trying every minute.</summary>
    static DateTimeOffset Tried(CronField[] fields, DateTimeOffset after, TimeZoneInfo zone)
    {
        for (var at = new DateTimeOffset(after.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero).AddMinutes(1); ; at = at.AddMinutes(1))
        {
            var wall = TimeZoneInfo.ConvertTime(at, zone);
            var (day, weekday) = (fields[2].Has(wall.Day), fields[4].Has((int)wall.DayOfWeek));
            if (fields[0].Has(wall.Minute) && fields[1].Has(wall.Hour) && fields[3].Has(wall.Month) && (fields[2].IsOpen || fields[4].IsOpen ? day && weekday : day || weekday)) return at;
        }
    }

    static Gen<string> Field(int least, int most) => Gen.Frequency(
        (3, Gen.Constant("*")),
        (2, Gen.Choose(2, 7).Select(n => $"*/{n}")),
        (2, Gen.Choose(least, most).Select(n => $"{n}")),
        (1, Gen.Choose(least, most).Two().Select(p => $"{Math.Min(p.Item1, p.Item2)}-{Math.Max(p.Item1, p.Item2)}")),
        (1, Gen.Choose(least, most).Two().Select(p => $"{p.Item1},{p.Item2}")));

    [Fact]
    public void Jumping_finds_what_trying_every_minute_finds()
    {
        var schedules = Gen.CollectToList([Field(0, 59), Field(0, 23), Field(1, 28), Field(1, 12), Field(0, 6)]);
        var minutes = Gen.Choose(0, 366 * 24 * 60);
        var zones = Gen.Elements("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Arb.From(
            from fields in schedules
            from minute in minutes
            from zone in zones
            select (Fields: fields.ToArray(), After: Time("2026-01-01T00:00:00Z").AddMinutes(minute), Zone: TimeZoneInfo.FindSystemTimeZoneById(zone))), c =>
        {
            int[] least = [0, 0, 1, 1, 0], most = [59, 23, 31, 12, 6];
            var parsed = c.Fields.Select((f, i) => CronField.Parse(f, least[i], most[i], [])).ToArray();
            var next = Schedule.Parse(string.Join(' ', c.Fields)).Schedule!.Next(c.After, c.Zone);
            if (next is null || next > c.After.AddDays(400)) return; // trying would take too long
            next.ShouldBe(Tried(parsed, c.After, c.Zone), $"{string.Join(' ', c.Fields)} after {c.After:u} in {c.Zone.Id}");
        }));
    }
}
