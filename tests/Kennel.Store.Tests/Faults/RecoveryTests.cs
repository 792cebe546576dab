using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Faults;

/// <summary>What is there after the process ended, however it ended.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public RecoveryTests() => Library.Load(_ => { });

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_that_is_opened_again_has_its_state_its_history_and_its_compaction()
    {
        string before, history;
        await using (var store = Open(Data))
        {
            await Work(store, 300, seed: 1);
            await store.Compact(200);
            (before, history) = (await State(store), await History(store));
        }

        await using var again = Open(Data);
        (await State(again)).ShouldBe(before);
        (await History(again)).ShouldBe(history);
        again.Compacted.ShouldBe(200);
        (await again.Range(new RangeQuery("", 200))).Revision.ShouldBe(200);
        await Should.ThrowAsync<CompactedException>(async () => await again.Range(new RangeQuery("", 199)));
    }

    [Fact]
    public async Task A_crash_after_any_commit_loses_nothing_that_was_acknowledged()
    {
        Directory.CreateDirectory(Data);
        var copies = new List<string>();
        var journal = new FaultyJournal(new SqliteJournal(Path.Combine(Data, SqliteStore.FileName)));
        journal.Committed = _ => copies.Add(Copy($"copy-{copies.Count}"));
        var states = new List<string>();
        await using (var store = SqliteStore.Open(journal, new ManualTime()))
        {
            for (var i = 0; i < 40; i++)
            {
                if (i % 10 == 9) await store.Compact(store.Revision - 3);
                else await Work(store, 1, seed: i);
                while (states.Count < copies.Count) states.Add(await State(store));
            }
        }

        for (var i = 0; i < copies.Count; i++)
        {
            await using var copy = Open(copies[i]);
            (await State(copy)).ShouldBe(states[i], $"after commit {i}");
            var page = await copy.Range(new RangeQuery("", copy.Compacted));
            page.Revision.ShouldBe(copy.Compacted);
        }
    }

    [Fact]
    public async Task A_log_that_is_cut_at_any_byte_gives_a_state_that_once_was()
    {
        var states = new List<string>();
        await using (var store = Open(Data))
        {
            states.Add(await State(store));
            for (var i = 0; i < 30; i++)
            {
                await Work(store, 1, seed: i);
                states.Add(await State(store));
            }

            Copy("whole");
        }

        var log = new FileInfo(Path.Combine(_directory.Path, "whole", SqliteStore.FileName + "-wal")).Length;
        var random = new Random(7);
        var seen = new SortedSet<int>();
        for (var i = 0; i < 40; i++)
        {
            var cut = Copy($"cut-{i}", "whole");
            await using (var file = new FileStream(Path.Combine(cut, SqliteStore.FileName + "-wal"), FileMode.Open)) file.SetLength(random.NextInt64(log));
            await using var store = Open(cut);
            var at = states.IndexOf(await State(store));
            at.ShouldBeGreaterThanOrEqualTo(0, $"cut {i}");
            seen.Add(at);
            await store.Write(new Write("more", 0, Array.Empty<byte>()));
        }

        seen.Count.ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Nothing_acknowledged_is_lost_when_the_process_is_killed(int round)
    {
        using var child = Process.Start(new ProcessStartInfo(Program.Host, [typeof(RecoveryTests).Assembly.Location, "write", Data])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var acknowledged = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var heard = 0;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            var at = line.IndexOf(' ');
            if (at < 0 || !line.EndsWith('.')) continue; // the last line may be cut
            acknowledged[line[..at]] = long.Parse(line.AsSpan(at + 1, line.Length - at - 2), CultureInfo.InvariantCulture);
            if (++heard == 700 * round) child.Kill();
        }

        await child.WaitForExitAsync();
        heard.ShouldBeGreaterThanOrEqualTo(700 * round, await child.StandardError.ReadToEndAsync());
        await using var store = Open(Data);
        foreach (var (key, revision) in acknowledged)
            (await store.Get(key)).ShouldNotBeNull(key).Modified.ShouldBeGreaterThanOrEqualTo(revision, key);
        foreach (var entry in (await store.Range(new RangeQuery(""))).Entries)
            Encoding.UTF8.GetString(entry.Value.Span).ShouldBe($"{entry.Key}={entry.Modified}{Program.Filling}");
    }

    private static IStore Open(string directory) => SqliteStore.Open(directory, new ManualTime(), _ => { });

    /// <summary>Some creates, updates and deletes, from a seed.</summary>
    private static async Task Work(IStore store, int writes, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < writes; i++)
        {
            var key = $"k{random.Next(12)}";
            var there = await store.Get(key);
            ReadOnlyMemory<byte>? value = null;
            if (there is null || random.Next(4) > 0) value = Encoding.UTF8.GetBytes($"{seed}.{i}");
            (await store.Write(new Write(key, there?.Modified ?? 0, value))).Succeeded.ShouldBeTrue();
        }
    }

    private static async Task<string> State(IStore store)
    {
        var entries = (await store.Range(new RangeQuery(""))).Entries;
        return $"@{store.Revision}: " + string.Join(' ', entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}@{entry.Created}/{entry.Modified}"));
    }

    private static async Task<string> History(IStore store)
    {
        await foreach (var batch in store.Watch("", store.Compacted - 1))
            return string.Join('\n', batch.Changes.Select(change => $"{change.Kind} {change.Entry.Key}@{change.Entry.Created}/{change.Entry.Modified} {change.Previous?.Modified}"));
        return "";
    }

    /// <summary>Copies what a crash would leave: the file and its log, not the shared memory.</summary>
    private string Copy(string name, string from = "data")
    {
        var target = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        foreach (var file in new[] { SqliteStore.FileName, SqliteStore.FileName + "-wal" })
        {
            var source = Path.Combine(_directory.Path, from, file);
            if (File.Exists(source)) File.Copy(source, Path.Combine(target, file));
        }

        return target;
    }
}
