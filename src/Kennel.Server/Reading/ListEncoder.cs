using System.Buffers;
using System.Text;
using Kennel.Objects;
using Kennel.Server.Answers;

namespace Kennel.Server.Reading;

/// <summary>A list is a copy of stored bytes between a head and a tail.</summary>
static class ListEncoder
{
    public static ApiResponse Answer(Call call, Found found)
    {
        var revision = found.Revision.ToString();
        var next = found.Next?.ToString();
        return call.Format.Shape == Shape.Table
            ? Encode.Finish(call, Encode.Table(call, t => { foreach (var e in found.Entries) t.Row(e.Value); }, revision, next, found.Remaining))
            : Encode.Finish(call, Copy(call, found, revision, next));
    }

    static ReadOnlyMemory<byte> Copy(Call call, Found found, string revision, string? next)
    {
        var partial = call.Format.Shape == Shape.Metadata;
        var head = Encoding.UTF8.GetBytes(
            $"{{\"kind\":\"{(partial ? "PartialObjectMetadata" : call.Asked.Kind)}List\",\"apiVersion\":\"{(partial ? "meta.k8s.io/v1" : call.Asked.ApiVersion)}\",\"metadata\":{{\"resourceVersion\":\"{revision}\""
            + (next is null ? "" : $",\"continue\":\"{next}\"")
            + (found.Remaining is { } left ? $",\"remainingItemCount\":{left}" : "")
            + "},\"items\":[");
        var size = head.Length + 2;
        foreach (var entry in found.Entries) size += entry.Value.Length + 1;
        var buffer = new ArrayBufferWriter<byte>(size);
        buffer.Write(head);
        for (var i = 0; i < found.Entries.Count; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(partial ? Encode.Metadata(found.Entries[i].Value) : call.Shown(found.Entries[i].Value).Span);
        }
        buffer.Write("]}"u8);
        return buffer.WrittenMemory;
    }
}
