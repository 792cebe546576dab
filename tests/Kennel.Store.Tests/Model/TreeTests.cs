using Kennel.Store.Memory;

namespace Kennel.Store.Tests.Model;

/// <summary>The index against the base library's sorted dictionary, deep enough that nodes split and join on several levels.</summary>
public sealed class TreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_tree_is_a_sorted_dictionary_whose_old_versions_stay(int seed)
    {
        var random = new Random(seed);
        var (tree, model) = (Tree.Empty, new SortedDictionary<string, Entry>(StringComparer.Ordinal));
        var old = new List<(Tree Tree, Entry[] Entries)>();
        for (var step = 0; step < 12_000; step++)
        {
            var grows = step / 4000 % 2 == 0;
            var key = $"/{random.Next(3)}/{random.Next(3000)}";
            if (random.Next(10) < (grows ? 8 : 1))
            {
                var entry = new Entry(key, default, 1, step);
                (tree, model[key]) = (tree.With(entry), entry);
            }
            else
            {
                tree = tree.Without(key);
                model.Remove(key);
            }

            if (step % 1000 == 0) old.Add((tree, [.. model.Values]));
            if (step % 100 == 0) Look(tree, model, key);
        }

        old.Add((tree, [.. model.Values]));
        foreach (var (then, entries) in old) All(then).ShouldBe(entries);
        foreach (var key in model.Keys.ToList()) tree = tree.Without(key);
        tree.Count.ShouldBe(0);
        All(tree.With(new Entry("a", default, 1, 1))).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(20_000)]
    public void A_tree_can_be_built_at_once(int count)
    {
        Entry[] entries = [.. Enumerable.Range(0, count).Select(i => new Entry($"{i:000000}", default, 1, i))];
        var tree = Tree.Of(entries);
        All(tree).ShouldBe(entries);
        foreach (var entry in entries) tree.Find(entry.Key).ShouldBeSameAs(entry);
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("\uffff", 1)]
    [InlineData("a\uffff", 1)]
    [InlineData("a", 2)]
    public void A_prefix_may_end_at_the_end_of_the_alphabet(string prefix, int count)
    {
        var tree = Tree.Empty;
        foreach (var key in new[] { "a", "a\uffffx", "b", "\uffffz" }) tree = tree.With(new Entry(key, default, 1, 1));
        var (from, to) = tree.Span(prefix);
        (to - from).ShouldBe(count);
    }

    private static void Look(Tree tree, SortedDictionary<string, Entry> model, string key)
    {
        tree.Count.ShouldBe(model.Count);
        tree.Find(key).ShouldBe(model.GetValueOrDefault(key));
        tree.Below(key).ShouldBe(model.Keys.Count(other => string.CompareOrdinal(other, key) < 0));
        var (from, to) = tree.Span(key);
        (to - from).ShouldBe(model.Keys.Count(other => other.StartsWith(key, StringComparison.Ordinal)));
        var middle = new Entry[Math.Min(40, tree.Count - (tree.Count / 2))];
        tree.Copy(tree.Count / 2, middle);
        middle.ShouldBe(model.Values.Skip(tree.Count / 2).Take(40));
    }

    private static Entry[] All(Tree tree)
    {
        var entries = new Entry[tree.Count];
        tree.Copy(0, entries);
        return entries;
    }
}
