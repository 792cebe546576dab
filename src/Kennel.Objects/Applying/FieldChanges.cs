using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>The fields in which two versions of an object differ. Nothing is built for parts that are the same.</summary>
/// <param name="Changed">Added or with another value.</param>
readonly record struct FieldChanges(FieldSet Changed, FieldSet Removed)
{
    public bool None => Changed.IsEmpty && Removed.IsEmpty;

    /// <param name="before">Null: every field is new.</param>
    /// <param name="reset">Top-level fields that this endpoint doesn't set.</param>
    public static FieldChanges Between(JsonObject? before, JsonObject after, Schema schema, IReadOnlyList<string> reset)
    {
        var walk = new Walk();
        walk.Root(before ?? s_nothing, after, schema, reset);
        return new(walk.Changed ?? FieldSet.Empty, walk.Removed ?? FieldSet.Empty);
    }

    static readonly JsonObject s_nothing = [];

    /// <summary>What one level found: the sets below it, and whether the step itself was changed or removed.</summary>
    struct Walk
    {
        public FieldSet? Changed;
        public FieldSet? Removed;
        bool _selfChanged;
        bool _selfRemoved;

        public void Root(JsonObject before, JsonObject after, Schema schema, IReadOnlyList<string> reset)
        {
            foreach (var (name, value) in after)
            {
                if (Stripped.AtRoot(name) || reset.Contains(name)) continue;
                before.TryGetPropertyValue(name, out var old);
                if (name == "metadata") Metadata(old as JsonObject ?? s_nothing, value as JsonObject ?? s_nothing, schema[name]);
                else Field(name, old, value, schema[name], schema);
            }
            foreach (var (name, value) in before)
            {
                if (Stripped.AtRoot(name) || reset.Contains(name) || after.ContainsKey(name)) continue;
                if (name == "metadata") Metadata(value as JsonObject ?? s_nothing, s_nothing, schema[name]);
                else Field(name, value, null, schema[name], schema);
            }
        }

        void Metadata(JsonObject before, JsonObject after, Schema? schema)
        {
            var inner = new Walk();
            inner.Fields(before, after, schema, metadata: true);
            Take(PathElement.Field("metadata"), inner);
        }

        void Fields(JsonObject? before, JsonObject? after, Schema? schema, bool metadata = false)
        {
            var both = before is not null && after is not null;
            if (after is not null)
                foreach (var (name, value) in after)
                {
                    if (metadata && Stripped.InMetadata(name)) continue;
                    JsonNode? old = null;
                    before?.TryGetPropertyValue(name, out old);
                    Field(name, old, value, schema?[name], both ? schema : null);
                }
            if (before is not null)
                foreach (var (name, value) in before)
                {
                    if (metadata && Stripped.InMetadata(name) || after?.ContainsKey(name) == true) continue;
                    Field(name, value, null, schema?[name], both ? schema : null);
                }
        }

        /// <param name="parent">The schema around it when both versions have the parent; null otherwise.</param>
        void Field(string name, JsonNode? before, JsonNode? after, Schema? schema, Schema? parent)
        {
            if (before is JsonValue x && after is JsonValue y)
            {
                if (!Shapes.Same(x, y)) (Changed ??= new([])).Put(PathElement.Field(name), true, null);
                return;
            }
            var inner = new Walk();
            var always = (before is null || after is null) && Shapes.AlwaysThere(parent, name, schema);
            inner.Value(before, after, schema, always);
            if (inner.Changed is not null || inner.Removed is not null || inner._selfChanged || inner._selfRemoved) Take(PathElement.Field(name), inner);
        }

        void Take(PathElement element, Walk inner)
        {
            if (inner._selfChanged || inner.Changed is not null) (Changed ??= new([])).Put(element, inner._selfChanged, inner.Changed);
            if (inner._selfRemoved || inner.Removed is not null) (Removed ??= new([])).Put(element, inner._selfRemoved, inner.Removed);
        }

        /// <param name="always">An absent side counts as an empty one that is there.</param>
        void Value(JsonNode? before, JsonNode? after, Schema? schema, bool always)
        {
            var shape = Shapes.Of(after ?? before, schema);
            var differs = before is not null && after is not null && shape != Shapes.Of(before, schema);
            if (shape == Shape.Leaf || differs || Shapes.IsEmpty(before) && Shapes.IsEmpty(after))
            {
                if (before is null) _selfChanged = after is not null && !(always && Shapes.IsEmpty(after));
                else if (after is null) _selfRemoved = !(always && Shapes.IsEmpty(before));
                else _selfChanged = !Shapes.Same(before, after);
                return;
            }
            if (shape == Shape.Fields)
            {
                if (always) Fields(before as JsonObject ?? s_nothing, after as JsonObject ?? s_nothing, schema);
                else Fields(before as JsonObject, after as JsonObject, schema);
            }
            else Items(before as JsonArray, after as JsonArray, schema!);
            if (always) return;
            _selfChanged = before is null;
            _selfRemoved = after is null;
        }

        void Items(JsonArray? before, JsonArray? after, Schema schema)
        {
            var olds = ListIndex.Of(before, schema);
            var news = ListIndex.Of(after, schema);
            for (var i = 0; i < news.Count; i++)
            {
                if (news.IsLater(i)) continue;
                var element = news.Element(i);
                Item(element, olds.All(element), news.All(element), schema.Items);
            }
            for (var i = 0; i < olds.Count; i++)
                if (!olds.IsLater(i) && news.Find(olds.Element(i)) < 0) Item(olds.Element(i), olds.All(olds.Element(i)), [], schema.Items);
        }

        /// <summary>Items with the same keys more than once are one field together.</summary>
        void Item(PathElement element, List<JsonNode?> before, List<JsonNode?> after, Schema? schema)
        {
            var inner = new Walk();
            if (before.Count <= 1 && after.Count <= 1)
            {
                inner.Value(before.Count == 0 ? null : before[0], after.Count == 0 ? null : after[0], schema, false);
            }
            else if (before.Count > 1 && after.Count > 1)
            {
                inner._selfChanged = before.Count != after.Count;
                for (var i = 0; i < before.Count && !inner._selfChanged; i++) inner._selfChanged = !Shapes.Same(before[i], after[i]);
            }
            else if (before.Count > 1)
            {
                if (after.Count == 1) inner.Value(null, after[0], schema, false);
                inner._selfRemoved = true;
            }
            else
            {
                if (before.Count == 1) inner.Value(before[0], null, schema, false);
                inner._selfChanged = true;
            }
            if (inner.Changed is not null || inner.Removed is not null || inner._selfChanged || inner._selfRemoved) Take(element, inner);
        }
    }
}
