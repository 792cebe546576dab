using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Decoding;

/// <summary>The fields of a type, found by their bytes without making a string of them.</summary>
sealed class FieldNames
{
    static readonly ConditionalWeakTable<Schema, FieldNames> s_known = [];

    readonly Field?[] _slots;

    public sealed record Field(string Name, byte[] Bytes, Schema Schema);

    public static FieldNames Of(Schema schema) => s_known.GetValue(schema, static s => new FieldNames(s));

    FieldNames(Schema schema)
    {
        _slots = new Field?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(schema.Properties.Count * 2 + 1))];
        foreach (var (name, value) in schema.Properties)
        {
            var field = new Field(name, Encoding.UTF8.GetBytes(name), value);
            var at = Slot(field.Bytes);
            while (_slots[at] is not null) at = (at + 1) & (_slots.Length - 1);
            _slots[at] = field;
        }
    }

    /// <summary>The field whose name the reader stands on; names are case-sensitive.</summary>
    public Field? Find(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped) return Find(Encoding.UTF8.GetBytes(reader.GetString()!));
        return Find(reader.ValueSpan);
    }

    Field? Find(ReadOnlySpan<byte> name)
    {
        for (var at = Slot(name); _slots[at] is { } field; at = (at + 1) & (_slots.Length - 1))
            if (name.SequenceEqual(field.Bytes)) return field;
        return null;
    }

    /// <summary>Names differ mostly by length, beginning and end.</summary>
    int Slot(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return 0;
        var hash = (uint)name.Length * 0x9E3779B1u ^ name[0] * 0x85EBCA6Bu ^ name[^1] * 0xC2B2AE35u ^ name[name.Length / 2] * 0x27D4EB2Fu;
        return (int)((hash ^ hash >> 15) & (uint)(_slots.Length - 1));
    }
}
