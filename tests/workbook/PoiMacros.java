import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.poi.poifs.macros.VBAMacroReader;

/** Prints every module that Apache POI finds in a workbook, as name and source in hexadecimal digits. */
class PoiMacros {
    public static void main(String[] arguments) throws Exception {
        try (VBAMacroReader reader = new VBAMacroReader(new File(arguments[0]))) {
            for (Map.Entry<String, String> module : reader.readMacros().entrySet()) {
                StringBuilder digits = new StringBuilder();
                for (byte b : module.getValue().getBytes(StandardCharsets.UTF_8)) {
                    digits.append(String.format("%02x", b));
                }
                System.out.println(module.getKey() + " " + digits);
            }
        }
    }
}
