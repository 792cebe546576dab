using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Decoding;

/// <summary>
/// The pass itself. The first wrong type ends it: <see cref="Problem"/> is then set and what was read is thrown away.
/// Syntax errors and too much depth come as <see cref="JsonException"/> from the reader.
/// </summary>
ref struct Decoder(ReadOnlySpan<byte> json, Schema root)
{
    /// <summary>Strict problems that are listed; a body full of unknown fields doesn't make an endless answer. Upstream's limit.</summary>
    const int MaxStrict = 100;

    Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = Json.Depth });
    readonly Trail _trail = new();
    ImmutableArray<string>.Builder? _strict;

    public string? Problem { get; private set; }

    public readonly ImmutableArray<string> Strict() => _strict?.ToImmutable() ?? [];

    public JsonObject? ReadRoot()
    {
        if (!_reader.Read()) throw new JsonException("unexpected end of JSON input");
        if (_reader.TokenType == JsonTokenType.Null) throw new JsonException("there is no object");
        var read = Value(root) as JsonObject;
        if (Problem is null && _reader.Read()) throw new JsonException("invalid character after top-level value");
        return read;
    }

    JsonNode? Value(Schema schema)
    {
        if (_reader.TokenType == JsonTokenType.Null) return null;
        return schema.Type switch
        {
            SchemaType.Object => ObjectValue(schema),
            SchemaType.Map => MapValue(schema),
            SchemaType.List => ListValue(schema),
            SchemaType.Any => Loose.Read(ref _reader),
            _ => Scalar(schema),
        };
    }

    JsonObject? ObjectValue(Schema schema)
    {
        if (_reader.TokenType != JsonTokenType.StartObject) return Wrong<JsonObject>(schema);
        var known = FieldNames.Of(schema);
        var read = new JsonObject();
        _trail.Enter(schema);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (known.Find(ref _reader) is { } field)
            {
                _trail.At(field.Name);
                _reader.Read();
                var value = Value(field.Schema);
                if (Problem is not null) return null;
                Put(read, field.Name, value);
            }
            else Unlisted(read, schema);
        }
        _trail.Leave();
        return read;
    }

    void Unlisted(JsonObject read, Schema schema)
    {
        var name = _reader.GetString()!;
        _trail.At(name);
        _reader.Read();
        if (schema.PreserveUnknown) Put(read, name, Loose.Read(ref _reader));
        else
        {
            Note("unknown");
            _reader.Skip();
        }
    }

    JsonObject? MapValue(Schema schema)
    {
        if (_reader.TokenType != JsonTokenType.StartObject) return Wrong<JsonObject>(schema);
        var read = new JsonObject();
        _trail.Enter(null);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            _trail.At(name);
            _reader.Read();
            var value = Value(schema.Values!) ?? Zero(schema.Values!);
            if (Problem is not null) return null;
            Put(read, name, value);
        }
        _trail.Leave();
        return read;
    }

    JsonArray? ListValue(Schema schema)
    {
        if (_reader.TokenType != JsonTokenType.StartArray) return Wrong<JsonArray>(schema);
        var read = new JsonArray();
        _trail.Enter(null);
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _trail.At(i);
            var item = Value(schema.Items!) ?? Zero(schema.Items!);
            if (Problem is not null) return null;
            read.Add(item);
        }
        _trail.Leave();
        return read;
    }

    JsonValue? Scalar(Schema schema)
    {
        var value = Scalars.Read(ref _reader, schema, out var problem);
        if (value is null) Problem = problem ?? _trail.WrongType(ref _reader, schema);
        return value;
    }

    /// <summary>The last of two values wins, as upstream; null stands for "not given".</summary>
    void Put(JsonObject read, string name, JsonNode? value)
    {
        if (read.ContainsKey(name))
        {
            Note("duplicate");
            if (value is null) read.Remove(name);
            else read[name] = value;
        }
        else if (value is not null) read.Add(name, value);
    }

    /// <summary>What a null inside a list or map stands for, where there is no "not given".</summary>
    static JsonNode? Zero(Schema schema) => schema.Type switch
    {
        SchemaType.Object or SchemaType.Map => new JsonObject(),
        SchemaType.List => new JsonArray(),
        SchemaType.String when schema.Format == "date-time" => null,
        SchemaType.String when schema.Format == "quantity" => JsonValue.Create("0"),
        SchemaType.String => JsonValue.Create(""),
        SchemaType.Boolean => JsonValue.Create(false),
        SchemaType.Any => null,
        _ => JsonValue.Create(0L),
    };

    T? Wrong<T>(Schema schema) where T : JsonNode
    {
        Problem ??= _trail.WrongType(ref _reader, schema);
        return null;
    }

    void Note(string what)
    {
        _strict ??= ImmutableArray.CreateBuilder<string>();
        if (_strict.Count >= MaxStrict) return;
        var line = $"{what} field \"{_trail}\"";
        if (!_strict.Contains(line)) _strict.Add(line);
    }
}
