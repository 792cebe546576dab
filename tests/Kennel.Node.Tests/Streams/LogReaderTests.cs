using System.Globalization;
using System.IO.Compression;
using System.Text;
using Kennel.Node.Streams;

namespace Kennel.Node.Tests.Streams;

public sealed class LogReaderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly LogOptions All = new(Follow: false, Previous: false, Timestamps: false, TailLines: null, Since: null, LimitBytes: null);
    private readonly string _folder = Directory.CreateTempSubdirectory("kennel-logs-").FullName;

    private string Log => Path.Combine(_folder, "0.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, "one\ntwo\nthree\nfour\nfive\n")]
    [InlineData(0L, "")]
    [InlineData(1L, "five\n")]
    [InlineData(2L, "four\nfive\n")]
    [InlineData(3L, "three\nfour\nfive\n")]
    [InlineData(4L, "two\nthree\nfour\nfive\n")]
    [InlineData(5L, "one\ntwo\nthree\nfour\nfive\n")]
    [InlineData(50L, "one\ntwo\nthree\nfour\nfive\n")]
    public async Task The_tail_is_counted_over_rotated_files_gzipped_or_not(long? tail, string expected)
    {
        await Write(Log + ".20261120-110000.gz", "one", "two");
        await Write(Log + ".20261120-113000", "three");
        await Write(Log, "four", "five");

        (await Read(All with { TailLines = tail })).ShouldBe(expected);
    }

    [Fact]
    public async Task A_line_in_parts_is_put_together_with_one_time_before_it()
    {
        await File.WriteAllTextAsync(Log, """
            2026-11-20T12:00:00.000000001Z stdout P first 
            2026-11-20T12:00:00.000000002Z stdout F second
            not a log line
            2026-11-20T12:00:00.000000003Z stderr F

            """);
        (await Read(All)).ShouldBe("first second\n\n");
        (await Read(All with { Timestamps = true })).ShouldBe("2026-11-20T12:00:00.000000001Z first second\n2026-11-20T12:00:00.000000003Z \n");
    }

    [Fact]
    public async Task Older_lines_than_asked_for_are_left_out_and_the_answer_ends_at_its_limit()
    {
        await Write(Log, "one", "two", "three");

        (await Read(All with { Since = Noon.AddSeconds(1) })).ShouldBe("two\nthree\n");
        (await Read(All with { LimitBytes = 6 })).ShouldBe("one\ntw");
    }

    [Fact]
    public async Task A_log_that_isnt_there_is_empty() => (await Read(All)).ShouldBe("");

    [Fact]
    public async Task Following_ends_with_the_container_and_misses_no_line_over_rotations()
    {
        var running = true;
        var target = new MemoryStream();
        await Write(Log, "0");
        var following = LogReader.Copy(Log, All with { Follow = true }, target, () => Volatile.Read(ref running), TimeProvider.System, CancellationToken.None);
        for (var i = 1; i <= 50; i++)
        {
            if (i % 10 == 0)
            {
                File.Move(Log, $"{Log}.20261120-1200{i}");
            }
            await File.AppendAllTextAsync(Log, Line(i.ToString(CultureInfo.InvariantCulture), i));
            while (Lines(target) <= i) // the follower has seen it, and looks again
            {
                await Task.Delay(5);
            }
        }
        Volatile.Write(ref running, false);
        await following.WaitAsync(TimeSpan.FromSeconds(30));
        Encoding.UTF8.GetString(target.ToArray()).ShouldBe(string.Concat(Enumerable.Range(0, 51).Select(i => $"{i}\n")));
    }

    [Theory]
    [InlineData("tailLines=x", "tailLines: Invalid value: \"x\": must be an integer")]
    [InlineData("sinceSeconds=0", "sinceSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("sinceSeconds=5;sinceTime=2026-11-20T12:00:00Z", "at most one of `sinceTime` or `sinceSeconds` may be specified")]
    public void Bad_parameters_are_named(string query, string expected)
    {
        var values = query.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        LogOptions.Parse(values.GetValueOrDefault, Noon, out var problem).ShouldBeNull();
        problem.ShouldBe(expected);
    }

    private static int Lines(MemoryStream target) => target.ToArray().Count(value => value == (byte)'\n');

    private async Task<string> Read(LogOptions options)
    {
        using var target = new MemoryStream();
        await LogReader.Copy(Log, options, target, () => false, TimeProvider.System, CancellationToken.None);
        return Encoding.UTF8.GetString(target.ToArray());
    }

    private static async Task Write(string path, params string[] lines)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(Line)));
        await using Stream file = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        await file.WriteAsync(bytes);
    }

    private static string Line(string text, int second) => $"{Noon.AddSeconds(second).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture)}00Z stdout F {text}\n";
}
