using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Store.Memory;
using Kennel.Store.Sqlite;

namespace Kennel.Store.Tests.Model;

/// <summary>Whatever is done to a store, it answers as the naive one does.</summary>
public sealed class ModelTests
{
    private static readonly string[] Keys = ["a", "a/1", "a/2", "a/20", "ab", "b", "b/1"];
    private static readonly string[] Prefixes = ["", "a", "a/", "a/2", "b/", "c"];

    [Fact]
    public void The_engine_in_memory_does_what_the_model_does() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Agree(() => new MemoryStore(new ManualTime())));

    [Fact]
    public void The_embedded_engine_does_what_the_model_does_and_does_so_still_after_a_restart() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(Steps(), steps =>
        {
            using var directory = new TemporaryDirectory();
            IStore Open() => SqliteStore.Open(directory.Path, new ManualTime(), _ => { });
            var model = new NaiveStore();
            var store = Open();
            foreach (var half in steps.Chunk(Math.Max(1, steps.Length / 2)))
            {
                foreach (var step in half) Do(step, store, model);
                store.DisposeAsync().AsTask().Wait();
                store = Open();
                Compare(store, model);
            }

            store.DisposeAsync().AsTask().Wait();
        }));

    private static Property Agree(Func<IStore> open) => Prop.ForAll(Steps(), steps =>
    {
        var (store, model) = (open(), new NaiveStore());
        foreach (var step in steps) Do(step, store, model);
        Compare(store, model);
    });

    private static Arbitrary<(byte Kind, byte A, byte B, byte C)[]> Steps() =>
        ArbMap.Default.ArbFor<(byte Kind, byte A, byte B, byte C)[]>();

    private static void Do((byte Kind, byte A, byte B, byte C) step, IStore store, NaiveStore model)
    {
        var key = Keys[step.A % Keys.Length];
        var prefix = Prefixes[step.A % Prefixes.Length];
        switch (step.Kind % 8)
        {
            case < 5:
                var expected = step.B % 8 == 0 ? step.C % (model.Revision + 1) : model.Modified(key);
                var value = step.C % 4 == 0 ? null : $"v{step.C}.";
                ReadOnlyMemory<byte>? bytes = null; // (a null array would become an empty value)
                if (value is not null) bytes = Encoding.UTF8.GetBytes(value);
                var write = new Write(key, expected, bytes, value?.Length ?? -1);
                var outcome = Result(store.Write(write));
                outcome.Succeeded.ShouldBe(model.Write(key, expected, value));
                outcome.Revision.ShouldBe(model.Revision);
                break;
            case 5:
                if (step.B % 4 > 0) return; // rarely
                var floor = Back(model.Revision, step.C);
                Result(Compacted(store, floor));
                model.Compact(floor);
                break;
            case 6:
                var (revision, after, limit) = (Back(model.Revision, step.B), step.C % 3 == 0 ? Keys[step.C % Keys.Length] : null, step.C % 4);
                Range(store, prefix, revision, after, limit).ShouldBe(model.Range(prefix, revision, after, limit));
                break;
            default:
                var from = Back(model.Revision, step.B);
                Watch(store, prefix, from, model.Revision).ShouldBe(model.Watch(prefix, from));
                break;
        }
    }

    private static void Compare(IStore store, NaiveStore model)
    {
        store.Revision.ShouldBe(model.Revision);
        store.Compacted.ShouldBe(model.Compacted);
        for (var revision = 1; revision <= model.Revision; revision++)
        {
            Range(store, "", revision, null, 0).ShouldBe(model.Range("", revision, null, 0));
            Watch(store, "a/", revision, model.Revision).ShouldBe(model.Watch("a/", revision));
        }
    }

    private static long Back(long revision, byte by) => Math.Max(1, revision - (by % 16));

    private static string Range(IStore store, string prefix, long revision, string? after, int limit)
    {
        try
        {
            var page = Result(store.Range(new RangeQuery(prefix, revision, after, limit)));
            return $"{string.Join(' ', page.Entries.Select(entry => $"{entry.Key}={Encoding.UTF8.GetString(entry.Value.Span)}"))} +{page.Remaining}";
        }
        catch (CompactedException)
        {
            return "compacted";
        }
    }

    private static string Watch(IStore store, string prefix, long after, long until)
    {
        static string Show(Entry? entry) => entry is null ? "nothing" : Encoding.UTF8.GetString(entry.Value.Span);
        var seen = new List<string>();
        if (after == until) return "";
        var watch = store.Watch(prefix, after).GetAsyncEnumerator();
        try
        {
            while (Result(watch.MoveNextAsync()))
            {
                seen.AddRange(watch.Current.Changes.Select(change =>
                    $"{change.Entry.Key}:{Show(change.Previous)}>{(change.Kind == ChangeKind.Deleted ? "nothing" : Show(change.Entry))}"));
                if (watch.Current.Revision >= until) break;
            }

            return string.Join(' ', seen);
        }
        catch (CompactedException)
        {
            return "compacted";
        }
        finally
        {
            watch.DisposeAsync().AsTask().Wait();
        }
    }

    private static T Result<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static async ValueTask<bool> Compacted(IStore store, long revision)
    {
        await store.Compact(revision);
        return true;
    }
}
